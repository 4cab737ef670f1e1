/** What the room of duties refuses. */
export const DUTY_CODES = {
  DUTY_CLOSING_INVALID: { status: 422, says: 'The closing of the duty is not one.', next: 'Correct the places named: `because`, `by` as a contact of yours, and `shownBy` where the closing asks for it.' },
  DUTY_CLOSING_UNKNOWN: { status: 422, says: 'The duty cannot be closed with that.', next: 'Close it with one of `closings`; one that has none is closed by doing it.' },
  DUTY_NOT_SHOWN: { status: 422, says: 'Nothing of yours shows that it is done.', next: 'Name in `shownBy` the id of your own share, decision not to share or disclosure that shows it, as `shows` says.' },
  DUTY_CLOSED: { status: 409, says: 'The duty was closed before, with something else.', next: 'What was recorded stays. Look at `because` and `at`.' },
} as const;
