//! The server's tests at the boundaries people and meters use. One binary, so that it links once.

#![allow(clippy::unwrap_used, missing_docs)]

mod architecture;
mod check;
mod db_append_only;
mod db_writes;
mod documents_registry;
mod field_bench;
mod field_closing;
mod field_delivery;
mod field_lines;
mod field_random;
mod field_settings;
mod link_basics;
mod link_faults;
mod link_peer;
mod link_random;
mod ops_sell;
mod ops_settings;
mod packaging;
mod peers;
mod spine;
mod store_lots;
mod support;
mod web_bad_input;
mod web_literals;
mod web_move_in_list;
mod web_pages;
mod web_roles;
mod web_sale;
mod web_settings;
mod web_settings_live;
mod web_sign_in;
mod web_supply;
mod web_users;
