//! Looking at a meter's display: the field layer reads it only while somebody does. No decision, so no audit row.

use domain::clock::Clock;
use domain::ids::MeterId;
use futures_util::FutureExt;

use crate::db::Db;
use crate::ops::kit::OpError;
use crate::store::meters::displays;

/// Notes that somebody looks at a meter's display now, and at the pages of the outlet at `position` if one is given.
///
/// # Errors
/// The database's, such as an unknown meter.
pub async fn watch(db: &Db, clock: &dyn Clock, meter: &MeterId, position: Option<u8>) -> Result<(), OpError> {
    let context = (meter.clone(), position.map_or(-1, i64::from), clock.wall_ms());
    db.write(context, |(meter, position, now_ms), conn| {
        async move { Ok(displays::watch(conn, meter, *position, *now_ms).await?) }.boxed()
    })
    .await
}
