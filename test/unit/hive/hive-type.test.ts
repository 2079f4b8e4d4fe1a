import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readType, TYPE_NAMES } from '../../../hive/hive-type.ts';

describe('a column type', () => {
  // What Hive 4.0.1 showed in its catalog after CREATE TABLE with the text on the left.
  it.each([
    ['int', 'int'],
    ['INTEGER', 'int'],
    ['decimal', 'decimal(10,0)'],
    ['decimal(10)', 'decimal(10,0)'],
    ['decimal( 10 , 2 )', 'decimal(10,2)'],
    ['decimal(38,38)', 'decimal(38,38)'],
    ['numeric(3,1)', 'decimal(3,1)'],
    ['dec', 'decimal(10,0)'],
    ['double precision', 'double'],
    ['char(255)', 'char(255)'],
    ['varchar(65535)', 'varchar(65535)'],
    ['timestamp with local time zone', 'timestamp with local time zone'],
    ['timestamplocaltz', 'timestamp with local time zone'],
    ['array< int >', 'array<int>'],
    ['array <int>', 'array<int>'],
    ['map<date,int>', 'map<date,int>'],
    ['uniontype<int,string>', 'uniontype<int,string>'],
    ['ARRAY<Struct<Ab:INT>>', 'array<struct<Ab:int>>'],
    ['struct<`a b`:int>', 'struct<a b:int>'],
    ['struct<a b : int>', 'struct<a b:int>'],
    ['struct<`select`:int>', 'struct<select:int>'],
    ['struct<`ünï`:int>', 'struct<ünï:int>'],
    ['struct<`a$b`:int>', 'struct<a$b:int>'],
    ['struct<`a.b`:int>', 'struct<a.b:int>'],
    [
      'array<array<map<string,struct<x:decimal(3,2),y:char(3)>>>>',
      'array<array<map<string,struct<x:decimal(3,2),y:char(3)>>>>',
    ],
    ['map<timestamp with local time zone, double precision>', 'map<timestamp with local time zone,double>'],
  ])('%s is %s', (text, expected) => {
    const read = readType(text);
    expect(read).toMatchObject({ text: expected });
    expect(readType(expected)).toEqual(read);
  });

  it('tells what it is made of', () => {
    expect(readType('map<string,struct<A:int,b:array<date>>>')).toMatchObject({
      kind: 'map',
      of: [
        { kind: 'primitive', text: 'string' },
        { kind: 'struct', fields: ['A', 'b'], of: [{ text: 'int' }, { kind: 'array', of: [{ text: 'date' }] }] },
      ],
    });
  });

  it.each([
    ['', 'a type is missing'],
    ['decimal(39,1)', 'a decimal has 1 to 38 digits, not 39'],
    ['decimal(0)', 'a decimal has 1 to 38 digits, not 0'],
    ['decimal(10,11)', 'a decimal of 10 digits cannot have 11 behind the point'],
    ['decimal(10;2)', ') is expected where ; stands, as in decimal(10,2)'],
    ['decimal(a)', 'it is written like decimal(10,2)'],
    ['decimal(99999999999999999999)', 'it is written like decimal(10,2)'],
    ['char', '( is expected at the end, as in char(10)'],
    ['char(256)', 'a char has 1 to 255 characters, not 256'],
    ['varchar(0)', 'a varchar has 1 to 65535 characters, not 0'],
    ['string(3)', 'nothing can follow string, but ( does'],
    ['int unsigned', 'nothing can follow int, but unsigned does'],
    ['timestamp with time zone', 'it is written "timestamp with local time zone"'],
    ['array', '< is expected at the end, as in array<int>'],
    ['array<int', '> is expected at the end, as in array<int>'],
    ['array<int,int>', '> is expected where , stands, as in array<int>'],
    ['map<int>', ', is expected where > stands, as in map<string,int>'],
    ['map<array<int>,int>', 'the key of a map is a primitive type, not array<int>'],
    ['struct<>', 'a field of a struct needs a name of letters, digits and _, not >'],
    ['struct<a int>', ': is expected where > stands, as in struct<a:int,b:string>'],
    ['struct<a:int,A:int>', 'the struct has the field A twice'],
    ['struct<`a-b`:int>', 'a field of a struct needs a name of letters, digits and _, not `a-b`'],
    ['struct<` a`:int>', 'a field of a struct needs a name of letters, digits and _, not ` a`'],
    ['array<int>>', 'nothing can follow array<int>, but > does'],
    ['array<'.repeat(60), 'types are nested more than 50 deep'],
  ])('%s is none: %s', (text, mistake) => {
    expect(readType(text)).toEqual({ mistake });
  });

  it.each([
    ['strng', 'strng'],
    ['array<text>', 'text'],
    ['toString', 'toString'],
    ['map<string,__proto__>', '__proto__'],
    ['array<>', '>'],
  ])('%s is none: it says which word is unknown', (text, unknown) => {
    expect(readType(text)).toEqual({ mistake: `${unknown} is unknown`, unknown });
  });

  it('is any text, or why it is none, never an exception', () => {
    const parts = [...TYPE_NAMES, '<', '>', '(', ')', ',', ':', '3', '`', 'a', ' ', '😀'];
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...parts)).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readType(text);
        if ('text' in read) expect(readType(read.text)).toEqual(read);
      }),
      { numRuns: 1000 },
    );
  });
});
