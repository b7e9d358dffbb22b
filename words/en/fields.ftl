### What is wrong with a field.

actions = Actions
field-missing = Fill this in.
field-too-long = This is too long.
field-malformed = This isn't in the right form.
field-past = This lies in the past.
field-too-far-ahead = This lies too far ahead.
field-fixed = This can't be changed any more.
field-exists = This exists already.
# $min, $max
field-out-of-range = Between { $min } and { $max }, please.
field-not-a-number = Write a number such as 12.50.
field-not-whole = Write a whole number.
field-not-positive = This must be more than zero.
field-negative = This must not be less than zero.
field-too-fine = At most { $digits } digits after the point.
field-too-large = This is too large.
form-refused = Nothing was changed. See the marked fields.
