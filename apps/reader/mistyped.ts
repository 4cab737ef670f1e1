/** Something that was typed or chosen is not what it should be; it says what to do. */
export class Mistyped extends Error {}
