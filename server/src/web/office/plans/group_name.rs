//! A group's name, for people.

use words::Lang;

use crate::reads::plans::price_plans;
use crate::reads::plans::room_groups::Group;

/// Its own; that of the rooms in no other group in the page's language.
pub(crate) fn group_name(t: Lang, group: &Group) -> &str {
    if group.id.as_str() == price_plans::DEFAULT_GROUP { t.group_default() } else { &group.name }
}
