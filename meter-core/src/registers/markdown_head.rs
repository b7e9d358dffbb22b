//! The head of every table of registers.

use core::fmt::{Result, Write};

pub(super) fn write_head(out: &mut dyn Write) -> Result {
    writeln!(out, "| Address | Register | Access | Size | Type | Unit | Description |")?;
    writeln!(out, "| --- | ---: | --- | ---: | --- | --- | --- |")
}
