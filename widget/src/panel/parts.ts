/** The pieces that messages are made of. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { ICONS, type IconName } from "../shared/icons";
import { fill, phoneLink } from "../shared/texts";
import type { Choice } from "../shared/types";
import type { Appointment, Entry, Source } from "./model";
import { numbersToCall, richText, webAddress } from "./rich-text";
import type { Texts } from "./words";

/** What messages need of the panel around them. */
export interface Around {
  texts: Texts;
  locale: string;
  /** Language of what the assistant says. */
  language: string;
  phone: string;
  emergency: string;
  server: string;
  isBusy: boolean;
  choose(entry: Entry, choice: Choice): void;
  retry(entry: Entry): void;
  vote(entry: Entry, vote: "up" | "down"): void;
  /** Which day of an appointment card is open, by entry. */
  openDay(entry: Entry): number;
  setDay(entry: Entry, day: number): void;
}

export function icon(name: IconName): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${ICONS[name]} />`}</svg>`;
}

export function message(entry: Entry, around: Around): TemplateResult {
  return entry.from === "visitor" ? visitorMessage(entry, around) : deskMessage(entry, around);
}

function visitorMessage(entry: Entry, { texts, phone, isBusy, retry }: Around): TemplateResult {
  return html`
    <div class="message visitor" data-id=${entry.id}>
      <p class="text" dir="auto"><span class="hidden">${texts.you}: </span>${entry.text}</p>
      ${entry.state === "failed"
        ? html`
            <div class="problem">
              <p>${texts.problems[entry.problem ?? "broken"]}${phone ? ` ${texts.orCall}` : ""}</p>
              <div class="row">
                <button type="button" class="choice retry" aria-disabled=${isBusy} @click=${() => retry(entry)}>
                  ${texts.retry}
                </button>
                ${phone ? callLink(phone, texts) : nothing}
              </div>
            </div>
          `
        : nothing}
    </div>
  `;
}

function deskMessage(entry: Entry, around: Around): TemplateResult {
  const { texts, language } = around;
  const alarm = entry.outcome === "emergency" || entry.outcome === "urgent" ? entry.outcome : null;
  return html`
    <div class="message desk ${alarm ? `alarm ${alarm}` : ""}" data-id=${entry.id} data-outcome=${entry.outcome ?? ""}>
      <div class="bubble">
        ${alarm ? html`<p class="alarm-title">${icon("alarm")}${texts[alarm]}</p>` : nothing}
        ${entry.text
          ? html`<p class="text" dir="auto" lang=${language || nothing}
              ><span class="hidden" lang=${texts.lang}>${texts.desk}: </span>${richText(entry.text)}</p>`
          : nothing}
        ${alarm ? calls(entry, around) : nothing}
        ${entry.appointment ? appointmentCard(entry, entry.appointment, around) : nothing}
      </div>
      ${entry.sources?.length || isRated(entry) ? details(entry, around) : nothing}
      ${entry.choices?.length ? choiceRow(entry, entry.choices, around) : nothing}
    </div>
  `;
}

function callLink(number: string, texts: Texts): TemplateResult {
  return html`<a class="choice call" href=${phoneLink(number)}>${icon("phone")}${fill(texts.call, { phone: number })}</a>`;
}

function calls(entry: Entry, { texts, phone, emergency }: Around): TemplateResult {
  const named = numbersToCall(entry.text);
  const usual = entry.outcome === "emergency" ? emergency : phone;
  const numbers = named.length || !usual ? named : [usual];
  return html`<div class="row calls">${numbers.map((number) => callLink(number, texts))}</div>`;
}

function isRated(entry: Entry): boolean {
  return entry.outcome === "answer" && Boolean(entry.facts?.length);
}

function details(entry: Entry, around: Around): TemplateResult {
  const { texts } = around;
  return html`
    <div class="details">
      ${entry.sources?.length
        ? html`
            <details class="sources">
              <summary>${texts.sources}</summary>
              <ul lang=${around.language || nothing}>
                ${entry.sources.map((source) => sourceItem(source, around))}
              </ul>
            </details>
          `
        : nothing}
      ${isRated(entry)
        ? html`
            <div class="votes">
              ${voteButton(entry, "up", texts.helpful, around)}${voteButton(entry, "down", texts.unhelpful, around)}
            </div>
          `
        : nothing}
    </div>
  `;
}

function voteButton(entry: Entry, vote: "up" | "down", label: string, { vote: give }: Around): TemplateResult {
  return html`
    <button type="button" class="icon vote" aria-label=${label} title=${label}
            aria-pressed=${entry.vote === vote} @click=${() => give(entry, vote)}>
      ${icon(vote === "up" ? "up" : "thumbDown")}
    </button>
  `;
}

function sourceItem(source: Source, { texts, locale }: Around): TemplateResult {
  const title = [source.organisation, source.title].filter(Boolean).join(": ");
  const address = webAddress(source.url);
  const reviewed = longDate(source.reviewed, locale);
  return html`
    <li>
      ${address
        ? html`<a href=${address} target="_blank" rel="noopener noreferrer"
            >${title}<span class="hidden" lang=${texts.lang}> (${texts.newTab})</span></a
          >`
        : title}${source.date ? ` (${source.date})` : ""}${reviewed
        ? html`<span lang=${texts.lang}>, ${fill(texts.reviewed, { date: reviewed })}</span>`
        : nothing}
    </li>
  `;
}

function longDate(day: string, locale: string): string {
  const moment = new Date(day);
  if (!day || Number.isNaN(moment.getTime())) return "";
  return moment.toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

function choiceRow(entry: Entry, choices: Choice[], around: Around): TemplateResult {
  const { texts } = around;
  const grid = entry.outcome === "booking" && choices.length > 1 ? "grid" : "";
  return html`
    <div class="row ${grid}" role="group" aria-label=${texts.choices}>
      ${choices.map((choice) => choiceButton(entry, choice, around))}
    </div>
  `;
}

/** A button that locks with its neighbours; it keeps the focus, which a disabled one would drop. */
function choiceButton(
  entry: Entry, choice: Choice, { isBusy, language, choose }: Around, said = choice.title,
): TemplateResult {
  const isChosen = entry.chosen === choice.payload;
  const isLocked = entry.chosen !== undefined;
  return html`
    <button type="button" class="choice" lang=${language || nothing} aria-pressed=${isLocked ? isChosen : nothing}
            aria-disabled=${isLocked || isBusy} tabindex=${isLocked && !isChosen ? -1 : 0}
            @click=${() => { if (!isLocked && !isBusy) choose(entry, { ...choice, title: said }); }}>
      ${choice.title}
    </button>
  `;
}

function appointmentCard(entry: Entry, { days, calendar }: Appointment, around: Around): TemplateResult {
  const { texts, server, language } = around;
  const address = webAddress(calendar, `${server}/`);
  const open = around.openDay(entry);
  const day = days[open];
  return html`
    <div class="appointment">
      ${day
        ? html`
            ${days.length > 1
              ? html`
                  <p class="card-title">${texts.pickDay}</p>
                  <div class="days" role="group" aria-label=${texts.pickDay}>
                    ${days.map(({ title }, index) => html`
                      <button type="button" class="choice" lang=${language || nothing} aria-pressed=${index === open}
                              @click=${() => around.setDay(entry, index)}>${title}</button>
                    `)}
                  </div>
                `
              : nothing}
            <p class="card-title">${texts.pickTime}: <span lang=${language || nothing}>${day.title}</span></p>
            <div class="times" role="group" aria-label=${`${texts.pickTime}: ${day.title}`}>
              ${day.times.map((time) => choiceButton(entry, time, around, `${day.title}, ${time.title}`))}
            </div>
          `
        : nothing}
      ${address
        ? html`<a class="choice" href=${address} download>${icon("calendar")}${texts.addToCalendar}</a>`
        : nothing}
    </div>
  `;
}
