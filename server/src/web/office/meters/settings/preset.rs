//! Presets: values that a form can start from. Nothing holds before they are saved.

use meter_core::settings::LoopId;
use words::Lang;

use super::which_loop;
use crate::web::kit::next::encode;

/// A kind of room, for which a form has values to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Students: small loads, heating appliances forbidden.
    Dormitory,
    /// A shop with machines of its own.
    Shop,
    /// As a meter leaves the factory.
    Factory,
}

impl Preset {
    /// The preset that an address names.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "dormitory" => Some(Self::Dormitory),
            "shop" => Some(Self::Shop),
            "factory" => Some(Self::Factory),
            _ => None,
        }
    }
}

/// A link that starts the form anew from a preset.
pub(super) struct PresetLink {
    pub(super) href: String,
    pub(super) label: &'static str,
}

/// Links to every preset of the form at `path`.
pub(super) fn links(t: Lang, path: &str, scope: &str, of_loop: LoopId) -> Vec<PresetLink> {
    let (scope, of_loop) = (encode(scope), which_loop::name(of_loop));
    let all =
        [("dormitory", t.preset_dormitory()), ("shop", t.preset_shop()), ("factory", t.preset_factory())];
    let link = |(preset, label)| PresetLink {
        href: format!("{path}?scope={scope}&loop={of_loop}&preset={preset}"),
        label,
    };
    all.into_iter().map(link).collect()
}
