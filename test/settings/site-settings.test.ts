import { expect, test } from 'vitest';
import { changeSettings, siteSettings } from '../../src/settings/site-settings.ts';
import { forEachDatabase } from '../support/databases.ts';
import { eventsOf } from '../support/events.ts';

forEachDatabase((openCore) => {
  test('what was never set has its default, and only what is changed is written', async () => {
    const deps = await openCore();
    const before = await siteSettings(deps.db);
    const after = await changeSettings(deps, { title: ' My blog ', postsPerPage: '7' });

    expect(after).toEqual({ ...before, title: 'My blog', postsPerPage: 7 });
    expect(await siteSettings(deps.db)).toEqual(after);
    const keys = await deps.db.selectFrom('settings').select('key').execute();
    expect(
      keys
        .map(({ key }) => key)
        .filter((key) => key.startsWith('site.'))
        .sort(),
    ).toEqual(['site.postsPerPage', 'site.title']);
    expect(await eventsOf(deps)).toEqual(['settings.changed']);
  });

  test.each([
    ['title', ''],
    ['language', 'not a language'],
    ['timeZone', 'Moon/Crater'],
    ['postsPerPage', '0'],
    ['smtpUrl', 'https://mail.example'],
  ])('a %s that cannot be used is refused, and nothing is changed', async (key, value) => {
    const deps = await openCore();
    const before = await siteSettings(deps.db);
    await expect(changeSettings(deps, { tagline: 'new', [key]: value })).rejects.toMatchObject({
      fields: { [key]: expect.any(String) },
    });
    expect(await siteSettings(deps.db)).toEqual(before);
  });

  test('a setting that does not exist is refused by name', async () => {
    const deps = await openCore();
    await expect(changeSettings(deps, { colour: 'red' })).rejects.toThrow(
      /^There is no setting colour\. There are: title,/,
    );
  });
});
