//! Device identification: who made the unit, what it is, and which revision.

use std::fmt;

use meter_core::modbus::pdu::Request;

use super::answer::Answer;
use super::error::LinkError;
use super::link::Link;

/// Access code of the three basic objects, as a stream.
const BASIC: u8 = 0x01;
/// Most replies that one identification may be spread over: three objects of at most 245 bytes each, and one spare.
const MOST_REPLIES: usize = 4;

/// The basic objects of function 43/14, with control characters left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Object 0: vendor name.
    pub vendor: String,
    /// Object 1: product code.
    pub product: String,
    /// Object 2: major and minor revision.
    pub revision: String,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.vendor, self.product, self.revision)
    }
}

impl Identity {
    fn take(&mut self, id: u8, value: &[u8]) {
        let text: String = String::from_utf8_lossy(value).chars().filter(|c| !c.is_control()).collect();
        match id {
            0 => self.vendor = text,
            1 => self.product = text,
            2 => self.revision = text,
            _ => {}
        }
    }
}

impl Link {
    /// Vendor, product code and revision of a unit: function 43/14, basic objects.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn identify(&mut self, unit: u8) -> Result<Identity, LinkError> {
        let mut identity = Identity::default();
        let mut object = 0;
        for _ in 0..MOST_REPLIES {
            let answer = self.transact(unit, &Request::ReadDeviceId { code: BASIC, object }).await?;
            let Answer::Identification { objects, next } = answer else {
                return Err(LinkError::BadReply("the reply is of another kind".into()));
            };
            for (id, value) in &objects {
                identity.take(*id, value);
            }
            match next {
                None => return Ok(identity),
                Some(next) if next > object => object = next,
                Some(_) => {
                    return Err(LinkError::BadReply("the identification goes round in circles".into()));
                }
            }
        }
        Err(LinkError::BadReply("the identification has no end".into()))
    }
}
