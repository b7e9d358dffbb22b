//! The reckoning at the end of a history: each thing was done once, and what stands on paper is what the books say.

use domain::books::account::Statement;
use domain::ids::{OperationId, TenancyId};
use paper::{Document, Kind};
use wattwarden::db::Connection;
use wattwarden::store::books::account::of_tenancy;
use wattwarden::store::books::purses;
use wattwarden::store::books::transfers::{Account, balance};
use wattwarden::store::papers::documents;

use super::acts::Act;
use super::{Expected, Life};

impl Life {
    /// Each thing was done once, all use was recognised, and what stands on paper was the books of its day.
    pub(super) async fn reckon(&mut self) {
        let house = &self.house;
        let mut conn = house.db.read().await.unwrap();
        let mut used_wh = self.billed_wh;
        for (room, id) in house.rooms[..3].iter().enumerate() {
            let purse = purses::get(&mut conn, &house.tenancy(id).await).await.unwrap();
            let counted_wh = self.counted_wh[room];
            assert_eq!(purse.used_wh, counted_wh, "room {room}: all that was counted is recognised");
            used_wh += counted_wh - self.miscounted_wh[room];
        }
        let tenancies = sqlx::query_as::<_, (String,)>("SELECT id FROM tenancies");
        for (tenancy,) in tenancies.fetch_all(&mut *conn).await.unwrap() {
            let tenancy = TenancyId(tenancy);
            let found = in_the_books(&mut conn, &tenancy).await;
            assert_eq!(found, self.expected.remove(&tenancy).unwrap_or_default(), "{tenancy}");
        }
        assert!(self.expected.is_empty(), "of nobody: {:?}", self.expected);
        // What a meter miscounted was taken out again as an adjustment; what a dark meter counted beyond the reading that
        // was settled is one, too.
        let consumed = balance(&mut conn, &Account::Consumed).await.unwrap();
        let adjusted = balance(&mut conn, &Account::Adjusted).await.unwrap();
        assert_eq!(consumed + adjusted, used_wh, "what was used, and nothing else, was billed");
        statements_on_paper(&mut conn, &self.done).await;
        let lapses = sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM lapses WHERE rule_id IS NOT NULL");
        (self.tally.lapsed,) = lapses.fetch_one(&mut *conn).await.unwrap();
    }
}

async fn in_the_books(conn: &mut Connection, tenancy: &TenancyId) -> Expected {
    let (sales, bought_wh, paid_minor) = sqlx::query_as::<_, (i64, i64, i64)>(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN v.id IS NULL THEN s.energy_wh ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN v.id IS NULL THEN s.amount_minor ELSE 0 END), 0) AS BIGINT)
         FROM sales s LEFT JOIN voids v ON v.sale_id = s.id WHERE s.tenancy_id = $1",
    )
    .bind(tenancy.as_str())
    .fetch_one(&mut *conn)
    .await
    .unwrap();
    let (extra_wh,) = sqlx::query_as::<_, (i64,)>(
        "SELECT CAST(COALESCE(SUM(energy_wh), 0) AS BIGINT) FROM grants WHERE tenancy_id = $1 AND period LIKE 'extra:%'",
    )
    .bind(tenancy.as_str())
    .fetch_one(conn)
    .await
    .unwrap();
    Expected { sales: usize::try_from(sales).unwrap(), bought_wh, paid_minor, extra_wh }
}

/// Each statement adds up, and says of its period what the books say of it now: nothing was edited since.
async fn statements_on_paper(conn: &mut Connection, done: &[(Act, OperationId)]) {
    for (act, id) in done {
        let Act::Statement(request) = act else { continue };
        let kind = Kind::AccountStatement;
        let number = documents::number_of(conn, kind, id.as_str()).await.unwrap().unwrap();
        let issued = documents::get(conn, kind, number).await.unwrap().unwrap();
        let Document::AccountStatement(paper) = issued.content else { panic!("{number} is another kind") };
        let entries = of_tenancy(conn, &request.tenancy_id).await.unwrap();
        let books = Statement::of(entries, paper.from.ms, issued.issued.ms);
        // What happened in the very millisecond may stand on either side.
        let lines = &paper.lines[..books.entries.len().min(paper.lines.len())];
        assert_eq!((paper.opening, lines.len()), (books.opening, books.entries.len()), "AS {number}");
        for (line, entry) in lines.iter().zip(&books.entries) {
            assert_eq!((line.at.ms, line.event, line.after), (entry.at_ms, entry.event, entry.after));
        }
        let paid_wh: i64 = paper.lines.iter().map(|line| line.paid_wh).sum();
        let free_wh: i64 = paper.lines.iter().map(|line| line.subsidy_wh).sum();
        let minor: i64 = paper.lines.iter().map(|line| line.amount_minor).sum();
        assert_eq!(paper.opening.paid_wh + paid_wh, paper.closing.paid_wh, "AS {number}");
        assert_eq!(paper.opening.subsidy_wh + free_wh, paper.closing.subsidy_wh, "AS {number}");
        assert_eq!(paper.opening.prepaid_minor + minor, paper.closing.prepaid_minor, "AS {number}");
    }
}
