//! How segments share charges.
//!
//! Between two places where somebody looks at the gas (a call that may reach the host, an end of the function) only the sum
//! matters. So what every way on has in common is charged ahead: of the arms of an `if` and what follows it, often one
//! charge remains.
//!
//! Ways that lead to the same place form a *junction*: the first segments of both arms of an `if`, or all that a
//! branch to a label may continue with; a loop's label is one, too. Each junction has an amount that is paid ahead of it,
//! the least that any of its segments has to charge. A segment then charges its own sum, plus what is paid ahead of the
//! junction that it leads to, minus what is paid ahead of its own. No charge is negative and the sum along every way is
//! the rule's, so gas runs out on a way to an end that leaves some if and only if the rule's sum is more than there is. (On a way to a
//! trap it may run out earlier than by the rule; either takes all gas.)

use super::plan::{End, NONE, NOTHING, Planner, Segment};

impl Planner<'_> {
    /// Moves what all ways on have in common ahead of them.
    pub(super) fn share(&mut self) {
        self.junctions.clear();
        self.junctions.resize(self.parents.len(), (NONE, 0));
        for index in 0..self.segments.len() {
            let junction = self.find(self.segments[index].junction);
            let list = &mut self.junctions[junction as usize].0;
            let segment = &mut self.segments[index];
            (segment.junction, segment.next) = (junction, *list);
            if !segment.dead {
                *list = index as u32;
            }
        }
        // A junction often leads to earlier ones (loops) or to ones whose amount is known later: the second turn has them all.
        for _ in 0..2 {
            for index in (0..self.segments.len()).rev() {
                let Segment { junction, dead, .. } = self.segments[index];
                // Its last segment comes first here: it follows all the others.
                if junction != NOTHING && !dead && self.junctions[junction as usize].0 == index as u32 {
                    self.junctions[junction as usize].1 = self.least(junction);
                }
            }
        }
        for index in 0..self.segments.len() {
            let segment = self.segments[index];
            let after = self.ahead(segment.end).map(|(_, amount)| amount);
            let before = self.junctions[segment.junction as usize].1;
            let charge = after.map_or(0, |after| segment.charge + after - before);
            self.segments[index].charge = if segment.dead { 0 } else { charge };
        }
    }

    /// The junction that an end leads to and what is paid ahead of it. `None` if nobody looks at the gas after it.
    fn ahead(&mut self, end: End) -> Option<(u32, i64)> {
        match end {
            End::Never => None,
            End::Goes(junction)
            | End::GoesOrLeaves(junction)
            | End::Own(junction, _)
            | End::Length(_, junction) => {
                let junction = self.find(junction);
                Some((junction, self.junctions[junction as usize].1))
            }
            End::Leaves | End::Import(_) => Some((NOTHING, 0)),
        }
    }

    /// The least that a segment of a junction has to charge.
    ///
    /// A junction without an amount yet counts as nothing: less is shared then, but never too much, and more only makes
    /// room for more.
    fn least(&mut self, junction: u32) -> i64 {
        let (mut index, mut least) = (self.junctions[junction as usize].0, None);
        while let Some(segment) = self.segments.get(index as usize).copied() {
            index = segment.next;
            match self.ahead(segment.end) {
                // It leads to its own junction, so it pays nothing for others there.
                Some((next, _)) if next == junction => {}
                Some((_, amount)) => {
                    let charge = segment.charge + amount;
                    least = Some(least.map_or(charge, |known: i64| known.min(charge)));
                }
                None => {}
            }
        }
        least.unwrap_or(0)
    }

    /// The junction that stands for this one.
    fn find(&mut self, mut junction: u32) -> u32 {
        loop {
            let parent = self.parents[junction as usize];
            if parent == junction {
                return junction;
            }
            let above = self.parents[parent as usize];
            self.parents[junction as usize] = above;
            junction = above;
        }
    }

    /// Makes two junctions one. Nothing is paid ahead of it if that is so for either: [`NOTHING`] is the least.
    pub(super) fn join(&mut self, one: u32, other: u32) -> u32 {
        let (one, other) = (self.find(one), self.find(other));
        let (low, high) = (one.min(other), one.max(other));
        self.parents[high as usize] = low;
        low
    }
}
