//! `/prices/groups/{id}/preview`: what a plan would change, before it is set.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::GroupId;
use words::Lang;

use super::plan::{faults_of, from_ms, group, refused};
use super::typed::{self, Kind};
use super::{group_name, tariff_words};
use crate::ops::kit::Key;
use crate::ops::plans::{Example, Preview, preview};
use crate::web::kit::error::{WebError, because};
use crate::web::kit::field::Faults;
use crate::web::kit::format::Format;
use crate::web::kit::forms::Form;
use crate::web::kit::page::{Page, show};
use crate::web::kit::state::AppState;
use crate::web::kit::visitor::Visitor;
use crate::web::office::meters::settings::typed::Typed;

/// `price_preview.html`.
#[derive(Template)]
#[template(path = "office/plans/price_preview.html")]
struct PreviewPage {
    t: Lang,
    page: Page,
    f: Format,
    key: String,
    group_id: GroupId,
    kind: Kind,
    from: String,
    old: String,
    new: String,
    preview: Preview,
    /// What was typed, to be sent again with the confirmation.
    typed: Vec<(String, String)>,
}

/// `POST /prices/groups/{id}/preview`.
///
/// # Errors
/// [`WebError::NotFound`] without such a group.
pub async fn post(
    State(app): State<AppState>,
    visitor: Visitor,
    Path(id): Path<GroupId>,
    Form(typed): Form<Typed>,
) -> Result<Response, WebError> {
    let t = visitor.lang;
    let group = group(&app, &id).await?;
    let kind = Kind::parse(typed.get("kind")).ok_or(WebError::BadRequest)?;
    let f = Format::new(t, visitor.site.as_ref(), app.clock.now_ms());
    let mut faults = Faults::default();
    let Some(tariff) = typed::tariff(t, &typed, kind, &mut faults) else {
        return refused(&app, &visitor, (group, kind), &typed, &faults);
    };
    let from_ms = match from_ms(t, &f, typed.get("from")) {
        Ok(Some(from_ms)) if from_ms < f.now_ms() => {
            let faults = Faults::one("from", t.field_past());
            return refused(&app, &visitor, (group, kind), &typed, &faults);
        }
        Ok(from_ms) => from_ms,
        Err(faults) => return refused(&app, &visitor, (group, kind), &typed, &faults),
    };
    let preview = match preview(&app.db, app.clock.as_ref(), &id, tariff, from_ms).await {
        Ok(preview) => preview,
        Err(why) => {
            let faults = faults_of(t, kind, because(why)?)?;
            return refused(&app, &visitor, (group, kind), &typed, &faults);
        }
    };
    let sent = typed.all().filter(|(name, _)| *name != "key");
    show(&PreviewPage {
        t,
        page: Page::new(&app, &visitor, t.plan_preview_title(group_name(t, &group))),
        key: Key::new(app.clock.as_ref()).as_str().to_owned(),
        group_id: id,
        kind,
        from: from_ms.map_or_else(|| t.plan_at_once().to_owned(), |from_ms| f.when(&from_ms)),
        old: preview.old.as_ref().map_or_else(|| t.none().to_owned(), |old| tariff_words(t, &f, old)),
        new: tariff_words(t, &f, &preview.new),
        typed: sent.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        preview,
        f,
    })
}

impl PreviewPage {
    fn money(&self, minor: &Option<i64>) -> String {
        minor.map_or_else(|| self.t.none().to_owned(), |minor| self.f.money(&minor))
    }

    fn difference(&self, example: &Example) -> String {
        self.money(&example.new_minor.zip(example.old_minor).map(|(new, old)| new - old))
    }
}
