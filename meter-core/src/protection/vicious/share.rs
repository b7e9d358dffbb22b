//! Shares, as features are given.

/// `part` of `whole` in thousandths, at most 9999.
pub(super) fn share(part: u64, whole: u64) -> u16 {
    let thousandths = u128::from(part) * 1000 / u128::from(whole.max(1));
    u16::try_from(thousandths.min(9999)).unwrap_or(9999)
}
