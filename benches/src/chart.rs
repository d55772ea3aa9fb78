//! Bars on a logarithmic scale, as SVG that is readable on a light and on a dark page.

use std::fmt::Write;

/// Bars beside one another under a heading.
#[derive(Clone, Debug)]
pub struct Panel {
    /// The heading, with the unit.
    pub title: String,
    /// Who has bars: a name and a bar in each group, where it was measured.
    pub series: Vec<String>,
    /// What is below the bars, and the value of each of the series.
    pub groups: Vec<(String, Vec<Option<f64>>)>,
}

/// Colours of the series, told apart without red and green and readable on white and on black.
const COLOURS: [&str; 8] =
    ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999933", "#8899aa"];
const BAR: f64 = 24.0;
const GAP: f64 = 22.0;
const LEFT: f64 = 52.0;
const HEIGHT: f64 = 200.0;
/// Above the bars: heading and legend.
const HEAD: f64 = 62.0;
/// Below them: names.
const FOOT: f64 = 34.0;
/// A letter's width in the legend and below the bars, about.
const LETTER: f64 = 6.4;

const STYLE: &str = "text{font:11px system-ui,sans-serif;fill:#222}.t{font-size:14px;font-weight:600}.m{text-anchor:middle}\
    .e{text-anchor:end}.v{font-size:9px}.g{stroke:#8888;stroke-width:.5}.o{stroke:#888;stroke-width:1}.p{fill:#fff}\
    @media(prefers-color-scheme:dark){text{fill:#ddd}.p{fill:#111}}";

/// A picture of these panels, one below the other.
pub fn svg(panels: &[Panel]) -> String {
    let width = panels.iter().map(Panel::width).fold(0.0, f64::max);
    let height = panels.len() as f64 * (HEAD + HEIGHT + FOOT);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <style>{STYLE}</style>\n<rect class=\"p\" width=\"100%\" height=\"100%\"/>\n"
    );
    for (n, panel) in panels.iter().enumerate() {
        let top = n as f64 * (HEAD + HEIGHT + FOOT);
        // To a string nothing fails.
        let _ = writeln!(svg, "<g transform=\"translate(0 {top})\">");
        panel.draw(&mut svg);
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

impl Panel {
    /// Room for the bars and for the longest name below them.
    fn group_width(&self) -> f64 {
        let longest = self.groups.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        self.bars_width().max(longest as f64 * LETTER) + GAP
    }

    fn bars_width(&self) -> f64 {
        self.series.len() as f64 * BAR
    }

    fn width(&self) -> f64 {
        let bars = LEFT + self.groups.len() as f64 * self.group_width() + GAP;
        let legend = self.series.iter().map(|name| legend_width(name)).sum::<f64>() + LEFT;
        bars.max(legend).ceil()
    }

    fn draw(&self, svg: &mut String) {
        let values = self.groups.iter().flat_map(|(_, values)| values.iter().flatten().copied());
        let scale = Scale::around(values);
        text(svg, "t", LEFT, 22.0, &self.title);
        let mut x = LEFT;
        for (name, colour) in self.series.iter().zip(COLOURS.iter().cycle()) {
            let _ = writeln!(svg, "<rect x=\"{x}\" y=\"34\" width=\"10\" height=\"10\" fill=\"{colour}\"/>");
            text(svg, "", x + 14.0, 43.0, name);
            x += legend_width(name);
        }
        for power in scale.low..=scale.high {
            let y = scale.y(10_f64.powi(power));
            let class = if power == 0 { "o" } else { "g" };
            let _ = writeln!(
                svg,
                "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>",
                self.width() - GAP
            );
            text(svg, "e", LEFT - 6.0, y + 4.0, &short(10_f64.powi(power)));
        }
        for (n, (name, values)) in self.groups.iter().enumerate() {
            let middle = LEFT + (n as f64 + 0.5) * self.group_width();
            self.draw_group(svg, &scale, middle - self.bars_width() / 2.0, values);
            text(svg, "m", middle, HEAD + HEIGHT + 16.0, name);
        }
    }

    fn draw_group(&self, svg: &mut String, scale: &Scale, left: f64, values: &[Option<f64>]) {
        for (n, (value, colour)) in values.iter().zip(COLOURS.iter().cycle()).enumerate() {
            let Some(value) = value else { continue };
            let (x, y) = (left + n as f64 * BAR, scale.y(*value));
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{}\" height=\"{:.1}\" fill=\"{colour}\"><title>{}: {}</title></rect>",
                BAR - 2.0,
                HEAD + HEIGHT - y,
                escaped(&self.series[n]),
                short(*value)
            );
            text(svg, "m v", x + BAR / 2.0 - 1.0, y - 3.0, &short(*value));
        }
    }
}

/// Powers of ten around all values.
struct Scale {
    low: i32,
    high: i32,
}

impl Scale {
    fn around(values: impl Iterator<Item = f64>) -> Self {
        let logarithms: Vec<f64> = values.filter(|value| *value > 0.0).map(f64::log10).collect();
        let least = logarithms.iter().copied().fold(f64::INFINITY, f64::min);
        let most = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if logarithms.is_empty() {
            return Self { low: 0, high: 1 };
        }
        // A bar of no height would not be seen.
        let low = (least - 0.05).floor() as i32;
        Self { low, high: (most.ceil() as i32).max(low + 1) }
    }

    /// From the top of a panel; what is not positive is at the bottom.
    fn y(&self, value: f64) -> f64 {
        let share = (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        HEAD + HEIGHT * (1.0 - share.max(0.0))
    }
}

fn legend_width(name: &str) -> f64 {
    32.0 + LETTER * name.chars().count() as f64
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, text: &str) {
    let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(text));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A number in as many digits as say something.
pub fn short(value: f64) -> String {
    let digits = match value.abs() {
        100.0.. => 0,
        10.0..100.0 => 1,
        0.1..10.0 => 2,
        0.0 => 0,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let table = [
            (1.0, "1"),
            (0.0, "0"),
            (0.51, "0.51"),
            (0.0123, "0.012"),
            (12.34, "12.3"),
            (1000.4, "1000"),
            (9.0, "9"),
        ];
        for (value, expected) in table {
            assert_eq!(short(value), expected);
        }
    }

    /// By hand: between 1 and 100 on 200 points, 1 is at the bottom (62 + 200), 10 in the middle, 100 at the top.
    #[test]
    fn the_scale_is_logarithmic() {
        let scale = Scale::around([2.0, 80.0].into_iter());
        assert_eq!((scale.low, scale.high), (0, 2));
        for (value, y) in [(1.0, 262.0), (10.0, 162.0), (100.0, 62.0), (0.5, 262.0), (0.0, 262.0)] {
            assert!((scale.y(value) - y).abs() < 1e-9, "{value}: {}", scale.y(value));
        }
        let none = Scale::around(std::iter::empty());
        assert_eq!((none.low, none.high), (0, 1));
    }

    /// By hand: a bar of 10 is half of 200 high; who was not measured has none; letters of markup are escaped.
    #[test]
    fn bars_are_drawn() {
        let panel = Panel {
            title: "a < b".to_owned(),
            series: vec!["one".to_owned(), "two".to_owned()],
            groups: vec![
                ("x".to_owned(), vec![Some(10.0), None]),
                ("y".to_owned(), vec![Some(100.0), Some(2.0)]),
            ],
        };
        let svg = svg(&[panel]);
        assert!(svg.contains("a &lt; b") && !svg.contains("a < b"));
        assert_eq!(svg.matches("<title>").count(), 3);
        assert!(svg.contains("y=\"162.0\" width=\"22\" height=\"100.0\""), "{svg}");
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
    }
}
