//! Looking at a meter's display: the field layer reads it only while somebody does. No decision, so no audit row.

use domain::ids::MeterId;
use futures_util::FutureExt;

use crate::db::DbError;
use crate::ops::kit::Ops;
use crate::store::meters::displays;

/// Notes that somebody looks at a meter's display now, and at the pages of the outlet at `position` if one is given.
///
/// # Errors
/// The database's, such as an unknown meter.
pub async fn watch(ops: &Ops, meter: &MeterId, position: Option<u8>) -> Result<(), DbError> {
    let context = (meter.clone(), position.map_or(-1, i64::from), ops.clock.wall_ms());
    ops.db
        .write(context, |(meter, position, now_ms), conn| {
            displays::watch(conn, meter, *position, *now_ms).boxed()
        })
        .await
}
