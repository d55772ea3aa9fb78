//! Sums and products, as a person writes them beside what was counted.

/// The value of numbers with `+`, `-`, `*` and parentheses.
pub(crate) fn value(text: &str) -> Result<i64, String> {
    let mut rest: Vec<char> = text.chars().rev().filter(|c| !c.is_whitespace()).collect();
    let value = sum(&mut rest);
    match (value, rest.last()) {
        (Some(value), None) => Ok(value),
        (_, at) => Err(format!("{text:?} is no sum (at {at:?})")),
    }
}

fn sum(rest: &mut Vec<char>) -> Option<i64> {
    let mut value = product(rest)?;
    while let Some(sign) = rest.pop_if(|c| matches!(c, '+' | '-')) {
        let next = product(rest)?;
        value = if sign == '+' { value.checked_add(next)? } else { value.checked_sub(next)? };
    }
    Some(value)
}

fn product(rest: &mut Vec<char>) -> Option<i64> {
    let mut value = factor(rest)?;
    while rest.pop_if(|c| *c == '*').is_some() {
        value = value.checked_mul(factor(rest)?)?;
    }
    Some(value)
}

fn factor(rest: &mut Vec<char>) -> Option<i64> {
    if rest.pop_if(|c| *c == '(').is_some() {
        let value = sum(rest)?;
        return (rest.pop() == Some(')')).then_some(value);
    }
    let mut digits = String::new();
    while let Some(digit) = rest.pop_if(|c| c.is_ascii_digit()) {
        digits.push(digit);
    }
    digits.parse().ok()
}

#[test]
fn sums_are_read_as_they_are_written() {
    for (text, expected) in
        [("7", 7), ("1 + 10 * 7", 71), ("(1 + 10) * 7 - 3", 74), ("10 - 2 - 3", 5), ("2 * (3 * (4 + 5))", 54)]
    {
        assert_eq!(value(text), Ok(expected));
    }
    for wrong in ["", "1 +", "(1", "1)", "1 2 x", "-1", "99999999999999999999"] {
        assert!(value(wrong).is_err(), "{wrong:?}");
    }
}
