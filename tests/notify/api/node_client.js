// Drives the unmodified official Node client through one story and prints what it was answered.
const { NotifyClient } = require("notifications-node-client");

const [url, key, smsTemplate, emailTemplate, letterTemplate] = process.argv.slice(2);
const client = new NotifyClient(url, key);

async function main() {
  const text = await client.sendSms(smsTemplate, "07700900123", { personalisation: { name: "Sam" }, reference: "r-1" });
  const email = await client.sendEmail(emailTemplate, "sam@example.com", {
    personalisation: { name: "Sam", more: ["a", "b"] },
    oneClickUnsubscribeURL: "https://x.example/u",
  });
  const letter = await client.sendLetter(letterTemplate, {
    personalisation: { address_line_1: "Sam Poe", address_line_2: "1 High St", postcode: "SW1A 1AA", name: "Sam" },
  });
  const printed = await client.getPdfForLetterNotification(letter.data.id);
  const readyMade = await client.sendPrecompiledLetter("r-2", printed, "first");
  const one = await client.getNotificationById(text.data.id);
  const page = await client.getNotifications("sms", null, "r-1");
  const templates = await client.getAllTemplates("sms");
  const version = await client.getTemplateByIdAndVersion(emailTemplate, 1);
  const preview = await client.previewTemplateById(smsTemplate, { name: "Sam" });
  const received = await client.getReceivedTexts();
  const pdf = client.prepareUpload(Buffer.from("a,b"), { filename: "a.csv" });
  let refusal;
  try {
    await client.sendSms(smsTemplate, "abc", {});
  } catch (error) {
    refusal = [error.response.status, error.response.data.errors];
  }
  return {
    text: [text.status, text.data.content.body],
    email: [email.status, email.data.content.subject],
    letter: [letter.status, letter.data.content.body],
    printed: printed.toString("latin1", 0, 5),
    readyMade: [readyMade.data.reference, readyMade.data.postage],
    one: [one.data.id === text.data.id, one.data.phone_number],
    page: page.data.notifications.map((n) => n.reference),
    templates: templates.data.templates.map((t) => t.id === smsTemplate),
    version: version.data.version,
    preview: preview.data.body,
    received: received.data.received_text_messages,
    upload: pdf.filename,
    refusal,
  };
}

main().then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => {
    console.error(error.response ? JSON.stringify(error.response.data) : error);
    process.exit(1);
  },
);
