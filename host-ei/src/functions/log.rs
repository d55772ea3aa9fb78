//! Log entries.

use crate::{Bytes32, Gas, Guest, Halt, Host};

/// `log(data, length, topics, topic1, topic2, topic3, topic4)`: emits a log entry.
///
/// Pointers to topics beyond the given number are not read. The charge comes before every check,
/// that of the number of topics included.
#[expect(clippy::too_many_arguments, reason = "the signature is the EEI's")]
pub fn log<H: Host>(
    g: &mut Guest<'_, H>,
    data: i32,
    length: i32,
    topics: i32,
    topic1: i32,
    topic2: i32,
    topic3: i32,
    topic4: i32,
) -> Result<(), Halt> {
    let (bytes, count) = (Gas::from(length as u32), Gas::from(topics as u32));
    let schedule = g.frame.schedule;
    g.charge(schedule.log + schedule.log_topic * count + schedule.log_byte * bytes)?;
    g.forbid_static()?;
    let pointers = [topic1, topic2, topic3, topic4];
    let pointers = pointers.get(..topics as u32 as usize).ok_or(Halt::TooManyTopics(topics as u32))?;
    let mut words = [Bytes32::ZERO; 4];
    for (word, pointer) in words.iter_mut().zip(pointers) {
        *word = g.bytes32(*pointer)?;
    }
    let account = g.frame.message.recipient;
    let (data, host) = g.bytes_mut(data, length)?;
    host.emit_log(&account, data, &words[..pointers.len()]);
    Ok(())
}
