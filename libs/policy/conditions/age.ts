/** Whole months from a day to an instant. Reckoned on what is written: it is asked of every line and recipient. */
export function monthsBetween(day: string, at: string): number {
  const months = (Number(at.slice(0, 4)) - Number(day.slice(0, 4))) * 12 + Number(at.slice(5, 7)) - Number(day.slice(5, 7));
  return at.slice(8, 10) < day.slice(8, 10) ? months - 1 : months;
}
