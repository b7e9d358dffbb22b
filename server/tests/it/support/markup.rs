//! Looking into HTML that we wrote ourselves: opening tags and attributes, no more.

/// Every opening tag of that name.
pub fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!("<{name}");
    let starts = html.match_indices(&opening).map(|(at, _)| &html[at..]);
    let whole = starts.filter(|tag| tag[opening.len()..].starts_with([' ', '>', '\n']));
    whole.map(|tag| &tag[..=tag.find('>').unwrap()]).collect()
}

/// The values of every attribute of that name.
pub fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.match_indices(&start).map(|(at, _)| html[at + start.len()..].split('"').next().unwrap()).collect()
}
