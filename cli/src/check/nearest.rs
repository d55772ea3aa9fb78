//! The known name that a mistyped one is nearest to.

/// Names differ in at most this share of their letters, one in so many.
const LETTERS_FOR_A_DIFFERENCE: usize = 3;

/// The nearest of the names, if one is near. Letters' case does not count.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Names longer than any that is known are near to none, and cost nothing so.
    let name: Vec<char> = name.to_lowercase().chars().take(64).collect();
    let distances =
        known.map(|known| (distance(&name, &known.to_lowercase().chars().collect::<Vec<_>>()), known));
    let (distance, known) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance * LETTERS_FOR_A_DIFFERENCE <= known.len()).then_some(known)
}

/// Letters to put in, take out or change (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = before + usize::from(x != y);
            before = row[j + 1];
            row[j + 1] = change.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let distance =
            |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("flaw", "lawn"), 2);
    }

    #[test]
    fn near_and_far() {
        let known = || ["getGasLeft", "useGas", "call"].into_iter();
        assert_eq!(nearest("getGasLef", known()), Some("getGasLeft"));
        assert_eq!(nearest("GETGASLEFT", known()), Some("getGasLeft"));
        assert_eq!(nearest("usegass", known()), Some("useGas"));
        assert_eq!(nearest("abort", known()), None);
        assert_eq!(nearest("", known()), None);
        assert_eq!(nearest(&"getGasLeft".repeat(100_000), known()), None);
    }
}
