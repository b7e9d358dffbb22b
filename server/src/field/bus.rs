//! One unit on a line as a visit sees it: requests that are counted.

use line::{Link, LinkError};

/// A unit and the counters of one visit.
pub struct Bus<'a> {
    link: &'a mut Link,
    unit: u8,
    pub(super) requests: i64,
    pub(super) failed_requests: i64,
}

impl<'a> Bus<'a> {
    pub(super) fn new(link: &'a mut Link, unit: u8) -> Self {
        Self { link, unit, requests: 0, failed_requests: 0 }
    }

    /// Reads `count` holding registers from `address` on.
    ///
    /// # Errors
    /// The line's; an exception is an answer.
    pub async fn read(&mut self, address: u16, count: u16) -> Result<Vec<u16>, LinkError> {
        let answer = self.link.read(self.unit, address, count).await;
        self.count(answer)
    }

    /// Writes registers from `address` on. An answer says that the meter has heard, not that it has done it: read back.
    ///
    /// # Errors
    /// The line's; an exception is an answer.
    pub async fn write(&mut self, address: u16, values: &[u16]) -> Result<(), LinkError> {
        let answer = self.link.write(self.unit, address, values).await;
        self.count(answer)
    }

    fn count<T>(&mut self, answer: Result<T, LinkError>) -> Result<T, LinkError> {
        self.requests += 1;
        // A refusal is an answer; a gateway that says the unit is silent is not.
        let answered = match &answer {
            Ok(_) => true,
            Err(error @ LinkError::Exception(_)) => !error.outcome_unknown(),
            Err(_) => false,
        };
        self.failed_requests += i64::from(!answered);
        answer
    }
}
