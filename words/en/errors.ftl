### Error pages in plain words, each with what to do next.

request-id = Request { $id }
go-to-rooms = Go to the rooms
go-to-sign-in = Go to sign-in
bad-request-title = That request can't be read
bad-request-next = Something in it was missing or damaged, and nothing was changed. Go back, reload the page, and try again.
forbidden-title = Your role doesn't allow this
forbidden-next = Nothing was changed. Ask an administrator to do it, or to change your role.
cross-site-title = The request came from another site
cross-site-next = It was refused to protect you, and nothing was changed. Open this site yourself and try again. If you did, a proxy in front of the server may be changing the Host or Origin header.
not-found-title = There is nothing here
not-found-next = The address may be mistyped, or what was here is gone. Look for it among the rooms.
method-title = This address doesn't work that way
method-next = Nothing was changed. Go back and use the buttons of the page.
conflict-title = This has already been used for something else
conflict-next = The form was sent before with other contents; the first one stands. Open a fresh form if you need another.
too-large-title = Too much was sent
too-large-next = Nothing was changed. Shorten the text and send it again.
throttled-title = Too many attempts
throttled-next = Wait { $seconds } s, then try again.
internal-title = Something went wrong on our side
internal-next = It has been logged. Go back and try again; if you were making a sale, look at the room's history first: it is there if it was made.
unavailable-title = The database isn't answering
unavailable-next = Nothing was changed. Wait a moment and try again.
