### What surrounds every page.

# The language's name in itself: what a switch shows to those who can't read the page they are on.
own-name = English
product = Wattwarden
skip-to-content = Skip to content
navigation = Main navigation
nav-daily = Every day
nav-money = Money
nav-house = House and meters
nav-more = More
nav-rooms = Rooms
nav-sell = Sell
nav-shift = Cash desk
nav-equipment = Equipment
nav-installation = Installation
nav-settings = Settings
nav-users = Users
nav-account = My account
sign-out = Sign out
cancel = Cancel
save = Save
add = Add
role-administrator = Administrator
role-manager = Manager
role-cashier = Cashier
read-only-page = You can look at this page; your role does not change anything here.
role-technician = Technician
role-auditor = Auditor
choose = Choose…
name = Name
reason = Reason
status = Status
when = When
saved = Saved.
language = Language
demo-banner = Demonstration: simulated meters, no real money.
