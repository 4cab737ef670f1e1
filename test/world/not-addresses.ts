/** Texts that parsers of mail addresses are known to read in two ways, or that are no address of a team's. */
export const NOT_ADDRESSES: readonly string[] = [
  '', ' ', '@', 'a', 'a@', '@b.example', 'a@b', 'a@@b.example', 'a@b@c.example', 'a b@c.example', ' a@b.example', 'a@b.example ', 'a@b.example\n', 'a@b.example\r\nRCPT TO:<x@evil.example>', 'a@b.example\0', 'a@b.example,x@evil.example', 'a@b.example;x@evil.example',
  '<a@b.example>', 'A <a@b.example>', 'Team <a@b.example>', '"a"@b.example', '"a b"@c.example', '"a@evil.example"@b.example', '"a\\"@evil.example"@b.example', 'a."b"@c.example', '"@evil.example,"@b.example',
  'a(comment)@b.example', '(comment)a@b.example', 'a@(comment)b.example', 'a@b.example(comment)', 'team: a@b.example;', 'undisclosed-recipients:;', '@route.example:a@b.example', '<@route.example:a@b.example>',
  'a%evil.example@b.example', 'evil.example!a@b.example', 'a/b@c.example', 'a=b@c.example', 'a|cat@b.example', 'a`id`@b.example', 'a$x@b.example', '=?utf-8?q?a?=@b.example', '=?x?q?=41=42=40evil.example=3e=00?=@b.example',
  '.a@b.example', 'a.@b.example', 'a..b@c.example', 'a@.b.example', 'a@b..example', 'a@b.example.', 'a@-b.example', 'a@b-.example', 'a@b_c.example', 'a@[127.0.0.1]', 'a@[IPv6:::1]', 'a@127.0.0.1', 'a@2130706433', 'a@b.1',
  'ä@b.example', 'a@bücher.example', 'a@xn--bcher-kva.example', 'a@b.xn--p1ai', 'a\u200b@b.example', 'а@b.example', 'a@b\u3002example', 'a\uff20b.example', `${'a'.repeat(65)}@b.example`, `a@${'b'.repeat(64)}.example`, `a@${'b.'.repeat(130)}example`, 'postmaster', '-f/etc/passwd', '--@b',
];
