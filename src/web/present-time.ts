import type { TimeView } from './view-models.ts';

/** Prints moments in the site's language and time zone. */
export type TimePrinter = {
  /** For posts: the day. */
  day(iso: string): TimeView;
  /** For comments: the day and the hour. */
  moment(iso: string): TimeView;
};

/** @param site the language as BCP 47 and an IANA time zone */
export function createTimePrinter(site: { language: string; timeZone: string }): TimePrinter {
  const day = new Intl.DateTimeFormat(site.language, { dateStyle: 'long', timeZone: site.timeZone });
  const moment = new Intl.DateTimeFormat(site.language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: site.timeZone,
  });
  return {
    day: (iso) => ({ iso, text: day.format(new Date(iso)) }),
    moment: (iso) => ({ iso, text: moment.format(new Date(iso)) }),
  };
}
