import type { AgencyTold } from '#protocol/published';

/** What an organisation was called at an instant (ISO 8601, UTC): a record of then is read with the name of then (PD-16). Pure. */
export const nameAt = ({ name, formerly }: Pick<AgencyTold, 'name' | 'formerly'>, at: string): string =>
  formerly.find(({ from, until }) => Date.parse(from) <= Date.parse(at) && Date.parse(at) < Date.parse(until))?.name ?? name;
