import type { ParameterName, ValueOf } from '#policy/parameters';

/** A parameter on which a row hangs, and other words that the agreement could have said. `undefined`: silence. */
export interface Otherwise {
  parameter: ParameterName;
  values(stated: never): readonly unknown[];
}

/** Other values than the one stated; none where the agreement does not speak. */
const otherwise = <N extends ParameterName>(parameter: N, values: (stated: ValueOf<N>) => readonly (ValueOf<N> | undefined)[]): Otherwise => ({
  parameter,
  values: (stated: ValueOf<N> | undefined) => (stated === undefined ? [] : values(stated).filter((value) => JSON.stringify(value) !== JSON.stringify(stated))),
});
const silence = (parameter: ParameterName): Otherwise => otherwise(parameter, () => [undefined]);

/** The list without each of its entries in turn. */
const withoutEach = <T>(list: readonly T[]): T[][] => list.map((left) => list.filter((each) => each !== left)).filter((rest) => rest.length > 0);

/** Without the rules that a party has of its own. */
const noneOfTheirOwn = otherwise('party.specificSecurityNeeds', () => [{ allowed: false }]);

type Purposes = ValueOf<'agreement.purposes'>;
const withoutPower = (purposes: Purposes): Purposes => purposes.map(({ power: _power, ...purpose }) => purpose);

/** What SP-10 lists. */
const COVERED = ['prevent-and-channel', 'modern-slavery', 'domestic-abuse', 'female-genital-mutilation', 'early-help'];

/**
 * What the examples of a row must notice beside its conditions being taken away, under every agreement that states the parameter. For a
 * row that no condition enforces, because the agreement asks less than another does, it is all that there is to notice.
 */
export const OTHERWISE: Readonly<Record<string, readonly Otherwise[]>> = {
  'PU-01': [otherwise('purpose.limit', (stated) => (stated === 'specific-purpose' ? ['agreement-purpose'] : []))],
  'PU-02': [otherwise('purpose.changeApproval', () => ['not-allowed', 'provider-in-writing', 'consider-consent'])],
  'PU-03': [otherwise('purpose.changeExceptions', (stated) => (stated.includes('none') ? [['crime', 'child-well-being', 'statutory-obligation', 'individual-at-risk']] : [...withoutEach(stated), ['none']]))],
  'PU-05': [
    otherwise('onward.rule', () => ['controller-consent', 'same-purpose-only']),
    otherwise('onward.scope', (stated) => [{ ...stated, covers: 'meetings-and-case-data' }, ...withoutEach(stated.wayOut ?? []).map((wayOut) => ({ ...stated, wayOut }))]),
  ],
  'PU-07': [otherwise('onward.rule', () => ['same-purpose-only'])],
  'PU-08': [silence('onward.intentQuestion')],
  'PU-09': [silence('onward.outside'), otherwise('onward.outside', withoutEach)],
  'PU-10': [otherwise('agreement.purposes', (stated) => [withoutPower(stated)])],
  'PU-11': [noneOfTheirOwn],
  'PU-12': [otherwise('agreement.purposes', (stated) => [stated.map((purpose) => ({ ...purpose, anonymised: false, nature: purpose.nature === 'publication' ? 'review' : purpose.nature } as typeof purpose))])],
  'PU-13': [otherwise('purpose.prohibited', withoutEach)],
  'PU-14': [otherwise('agreement.subjectGroups', (stated) => [...withoutEach(stated), ...(['children', 'adults-at-risk'] as const).filter((group) => !stated.includes(group)).map((group) => [...stated, group])])],
  'MN-01': [otherwise('min.dataCategories', ({ eachJustified, ...rest }) => (eachJustified ? [rest] : []))],
  'MN-04': [otherwise('min.dataCategories', ({ eachJustified, ...rest }) => (eachJustified ? [rest] : []))],
  'MN-05': [otherwise('min.nonStatutoryRule', () => ['none', 'minimum'])],
  'MN-08': [noneOfTheirOwn],
  'MN-09': [noneOfTheirOwn],
  'MN-10': [noneOfTheirOwn],
  'MN-11': [silence('min.thirdParties')],
  'MN-13': [silence('min.identityReduction')],
  'PV-02': [otherwise('header.factOpinion', () => ['each-item', 'in-meetings'])],
  'PV-03': [otherwise('header.accuracy', () => ['each-controller'])],
  'PV-04': [silence('header.historical'), otherwise('header.historical', (stated) => [{ ...stated, afterMonths: 60 }])],
  'PV-05': [silence('header.doubt')],
  'PV-06': [silence('header.source')],
  'PV-07': [otherwise('header.classification', ({ covers, floor, legacy, ...rest }) => [
    { ...rest, ...(legacy && { legacy }), ...(floor && { covers }) }, { ...rest, ...(covers && { covers }), ...(floor && { floor }) }, ...(floor ? [] : [{ covers, legacy, ...rest, default: 'OFFICIAL' as const }]),
  ])],
  'PV-10': [
    otherwise('onward.rule', (stated) => [stated === 'never-outside' ? 'same-purpose-only' : 'never-outside']),
    otherwise('retention.basis', (stated) => [stated === 'purpose' ? 'own-policy' : 'purpose']),
    otherwise('retention.owner', (stated) => [stated === 'host-authority' ? 'each-agency' : 'host-authority']),
  ],
  'SP-03': [otherwise('agreement.purposes', (stated) => [withoutPower(stated)])],
  'SP-04': [otherwise('agreement.purposes', (stated) => [withoutPower(stated)])],
  'SP-07': [otherwise('agreement.purposes', (stated) => (stated.some(({ power }) => power) ? [withoutPower(stated)] : []))],
  'SP-09': [otherwise('agreement.purposes', (stated) => (stated.some(({ nature }) => nature === 'publication') ? [stated.filter(({ nature }) => nature !== 'publication')] : []))],
  'SP-10': [otherwise('agreement.purposes', (stated) => COVERED.map((covered) => stated.filter(({ code }) => code !== covered)).filter((rest) => rest.length < stated.length))],
};
