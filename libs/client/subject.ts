/** Who the share is about, as only the sender's own machine knows it. Used to compare with; none of it is ever sent. */
export interface SubjectKnown {
  /** Full names and aliases. */
  names?: readonly string[];
  /** Days of birth, `YYYY-MM-DD`: more than one where it is in doubt. */
  born?: readonly string[];
  nhsNumbers?: readonly string[];
  postcodes?: readonly string[];
}

/** Shorter parts of a name are initials, and those are what a reference is made of (MN-06). */
const SHORTEST_PART = 3;
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

/** Lower case, accents folded, so that `Zoë O’Neill` and `ZOE ONEILL` are one name. */
export const folded = (text: string): string =>
  text.normalize('NFKD').replace(/\p{Mark}/gu, '').toLowerCase().replaceAll('ß', 'ss').replaceAll('æ', 'ae').replaceAll('œ', 'oe').replaceAll('ø', 'o').replaceAll('đ', 'd').replaceAll('ł', 'l').replace(/['’‘`´]/g, '');

/** Letters and digits alone. */
export const bare = (text: string): string => folded(text).replace(/[^\p{Letter}\p{Number}]/gu, '');

/** The words of a text. */
export const words = (text: string): string[] => folded(text).split(/[^\p{Letter}\p{Number}]+/u).filter((word) => word !== '');

/** The parts of each name that are long enough to name somebody. */
export const nameParts = ({ names = [] }: SubjectKnown): string[][] => names.map((name) => words(name).filter((part) => [...part].length >= SHORTEST_PART)).filter((parts) => parts.length > 0);

/** A day as people write it, without whatever they put between the numbers: `20150201`, `01022015`, `010215`, `1feb2015` … */
export function spellings(day: string): string[] {
  const [year, month, date] = day.split('-');
  if (!year || !month || !date) return [];
  const name = MONTHS[Number(month) - 1] ?? '';
  const [y, m, d] = [year.slice(2), String(Number(month)), String(Number(date))];
  const numeric = [`${year}${month}${date}`, `${date}${month}${year}`, `${month}${date}${year}`, `${date}${month}${y}`, `${y}${month}${date}`];
  // `1/2/2015` loses its zeros; with a two-digit year too little would be left to tell it from a number.
  const short = [`${d}${m}${year}`, `${year}${m}${d}`];
  const spelt = [name, name.slice(0, 3)].flatMap((each) => [year, y].flatMap((in_) => [date, d].flatMap((on) => [`${on}${each}${in_}`, `${each}${on}${in_}`, `${in_}${each}${on}`])));
  return [...new Set([...numeric, ...short, ...spelt])];
}
