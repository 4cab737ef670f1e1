import { Egress, EgressFailed } from './egress';

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof EgressFailed ? error.code : String(error);
  }
};

test.each([
  'http://partner.example/hook', 'ftp://partner.example/', 'file:///etc/passwd', 'data:text/plain,x', '//partner.example', 'partner.example', '', 'https://', 'https:///hook',
  'https://user@partner.example/', 'https://user:word@partner.example/', 'https://partner.example:22/', 'https://partner.example:5672/', 'https://partner.example/#x',
  'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f000001/', 'https://0177.0.0.1/', 'https://127.1/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://169.254.169.254/latest/meta-data/',
  'https://localhost/', 'https://gateway/', 'https://localhost:8443/', 'https://partner.example./', 'https://１２７.0.0.1/', 'https://ⓛocalhost/', 'https://10.0.0.1/', 'https://0/', 'https://[fe80::1]/',
])('%s is not asked', (url) => {
  expect(codeOf(() => new Egress().allowed(url))).toBe('URL_NOT_ALLOWED');
});

test.each(['https://partner.example/hook', 'https://a.b.partner.example:8443/h?x=1', 'https://xn--bcher-kva.example/'])('%s may be', (url) => {
  expect(codeOf(() => new Egress().allowed(url))).toBeUndefined();
});

test.each([
  '127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1',
  '224.0.0.1', '240.0.0.1', '255.255.255.255', '::', '::1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '64:ff9b::a9fe:a9fe', '2002:7f00:1::', '2001:db8::1', '2001::1', 'x',
])('%s is no address of the public Internet', (address) => {
  expect(new Egress().reaches(address)).toBe(false);
});

test.each(['93.184.215.14', '8.8.8.8', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'])('%s is one', (address) => {
  expect(new Egress().reaches(address)).toBe(true);
});

test('a network that the operator has joined is reached, and nothing beside it', () => {
  const egress = new Egress({ permit: ['10.20.0.0/16', 'fd12::/32'] });
  expect(['10.20.3.4', '::ffff:10.20.3.4', 'fd12::1', '10.21.0.1', '127.0.0.1', 'fd13::1'].map((address) => egress.reaches(address))).toEqual([true, true, true, false, false, false]);
});

test('a name that leads inside as well as outside is not asked, whichever comes first', async () => {
  for (const addresses of [['8.8.8.8', '169.254.169.254'], ['127.0.0.1', '8.8.8.8'], ['::ffff:10.0.0.1']]) {
    await expect(new Egress({ resolve: () => Promise.resolve(addresses) }).ask('https://partner.example/')).rejects.toMatchObject({ code: 'ADDRESS_NOT_ALLOWED' });
  }
});
