/** Texts that were findings once, or that reach a corner: each is parsed again in every run of the unit tests. */
export const corpus: Record<string, readonly string[]> = {
  'fixed framing': [' 1', '0102030405060708 3 3 3', '01020304050607 7 0'],
  'length framing': ['ffffffff 1 1', '0000000d 4', '00000000 1 1 1 1', '000000020102 5'],
  'line framing': ['0a0a 1', '616263646566676869706a6b6c6d 12', '61 1'],
  'whole number': ['0x10', '1e3', '-0', '9007199254740993'],
  number: ['1e999', '-0', '5e-324'],
  'short time': ['9'.repeat(400), '1.5ms'],
  duration: ['9'.repeat(400), `${'9'.repeat(400)}ms`, '36000m'],
  share: ['100%', '1.0000000000000002', '%'],
  time: [`${'9'.repeat(400)}us`, '0'],
  address: ['[::1]:80', '[[]:80', 'a:00080'],
  'framing name': ['__proto__', 'constructor', 'toString'],
  expectation: ['(', '[z-a]', 'a{2,1}'],
  'server command': ['a="', "a='b", 'a=""', 'a=\\'],
  'ready line': [
    '{"ready":true\n',
    '{"ready":true,"port":1}\n',
    '{"ready":true,"host":"h","port":-1}\n{"ready":true,"host":"h","port":1}\n',
  ],
  printable: ['\u001b]0;title\u0007', '\u009b2J', '\u202etxt.exe'],
  'load generator output': ['', 'null', '[]', '{"__proto__":null}'],
  'results file': ['', 'null', '{"format":"sockbench-run-1","startedAt":"../../x"}'],
};
