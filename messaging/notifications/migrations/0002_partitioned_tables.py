"""The three partitioned tables. A default partition catches what lands on a day without one; see messaging.notifications.actions.partitions."""

from django.db import migrations

CREATE = """
CREATE TABLE notifications_notification (
    id uuid PRIMARY KEY,
    service_id uuid NOT NULL,
    template_id uuid NOT NULL,
    job_id uuid,
    api_key_id uuid,
    created_by_id uuid,
    created_at timestamptz NOT NULL,
    scheduled_for timestamptz,
    sent_at timestamptz,
    updated_at timestamptz,
    template_version integer NOT NULL,
    job_row integer,
    status smallint NOT NULL DEFAULT 5,
    lane smallint NOT NULL DEFAULT 2,
    billable_units smallint NOT NULL DEFAULT 0,
    international boolean NOT NULL DEFAULT false,
    rate_multiplier numeric(5, 2) NOT NULL DEFAULT 1,
    cost numeric(10, 5) NOT NULL DEFAULT 0,
    channel varchar(6) NOT NULL,
    key_type varchar(6) NOT NULL,
    postage varchar(15),
    provider varchar(30) NOT NULL DEFAULT '',
    status_detail varchar(255) NOT NULL DEFAULT '',
    recipient_hash bytea,
    client_reference varchar(1000)
) PARTITION BY RANGE (id);
CREATE TABLE notifications_notification_default PARTITION OF notifications_notification DEFAULT WITH (fillfactor = 85);
CREATE INDEX notifications_notification_service ON notifications_notification (service_id, id DESC);
CREATE INDEX notifications_notification_job ON notifications_notification (job_id, job_row) WHERE job_id IS NOT NULL;
CREATE INDEX notifications_notification_reference ON notifications_notification (service_id, client_reference)
    WHERE client_reference IS NOT NULL;
CREATE INDEX notifications_notification_recipient ON notifications_notification (service_id, recipient_hash, id DESC);

CREATE TABLE notifications_notificationcontent (
    id uuid PRIMARY KEY,
    service_id uuid NOT NULL,
    sealed bytea NOT NULL
) PARTITION BY RANGE (id);
CREATE TABLE notifications_notificationcontent_default PARTITION OF notifications_notificationcontent DEFAULT;
CREATE INDEX notifications_notificationcontent_service ON notifications_notificationcontent (service_id, id);

CREATE TABLE notifications_deliveryattempt (
    id uuid PRIMARY KEY,
    notification_id uuid NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    number smallint NOT NULL,
    provider varchar(30) NOT NULL,
    outcome varchar(10) NOT NULL DEFAULT 'open',
    provider_reference varchar(255) NOT NULL DEFAULT '',
    detail varchar(255) NOT NULL DEFAULT ''
) PARTITION BY RANGE (id);
CREATE TABLE notifications_deliveryattempt_default PARTITION OF notifications_deliveryattempt DEFAULT;
CREATE INDEX notifications_deliveryattempt_notification ON notifications_deliveryattempt (notification_id);
CREATE INDEX notifications_deliveryattempt_reference ON notifications_deliveryattempt (provider, provider_reference)
    WHERE provider_reference <> '';
"""

DROP = """
DROP TABLE notifications_deliveryattempt;
DROP TABLE notifications_notificationcontent;
DROP TABLE notifications_notification;
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
