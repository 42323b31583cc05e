"""Who may do what at the desk, in one table: e writes (Redaktion), a approves (Freigabe), v administers."""

RIGHTS = """
GET  /                                                    eav
GET  /planung                                             eav
GET  /protokoll                                           v
POST /abmelden                                            eav
BOTH /einrichtung                                         v
GET  /fristen                                             eav
BOTH /konten                                              v
BOTH /konten/<int:user_id>                                v
POST /konten/<int:user_id>/einladen                       v
POST /konten/<int:user_id>/deaktivieren                   v
POST /konten/<int:user_id>/aktivieren                     v
GET  /meldungen                                           eav
BOTH /meldungen/neu                                       ev
GET  /meldungen/<int:announcement_id>                     eav
BOTH /meldungen/<int:announcement_id>/bearbeiten          eav
GET  /meldungen/<int:announcement_id>/vorschau/<int:number>.html eav
POST /meldungen/<int:announcement_id>/vorlegen            eav
POST /meldungen/<int:announcement_id>/freigeben           a
POST /meldungen/<int:announcement_id>/zurueckgeben        a
POST /meldungen/<int:announcement_id>/terminieren         a
POST /meldungen/<int:announcement_id>/zurueckholen        eav
POST /meldungen/<int:announcement_id>/verwerfen           ev
BOTH /meldungen/<int:announcement_id>/zurueckziehen       ev
BOTH /ausgaben                                            eav
GET  /ausgaben/<int:issue_id>                             eav
GET  /ausgaben/<int:issue_id>/bericht                     eav
GET  /ausgaben/<int:issue_id>/vorschau                    eav
GET  /ausgaben/<int:issue_id>/vorschau/mail               eav
BOTH /ausgaben/<int:issue_id>/bearbeiten                  e
POST /ausgaben/<int:issue_id>/vorlegen                    e
POST /ausgaben/<int:issue_id>/freigeben                   a
POST /ausgaben/<int:issue_id>/zurueckgeben                a
POST /ausgaben/<int:issue_id>/terminieren                 e
POST /ausgaben/<int:issue_id>/jetzt-versenden             e
POST /ausgaben/<int:issue_id>/versand-absagen             e
POST /ausgaben/<int:issue_id>/anhalten                    ea
POST /ausgaben/<int:issue_id>/fortsetzen                  e
BOTH /ausgaben/<int:issue_id>/abbrechen                   e
POST /ausgaben/<int:issue_id>/testen                      ea
BOTH /newsletter/<slug>/willkommen                        e
BOTH /newsletter/<slug>/willkommen/<code>                 e
POST /newsletter/<slug>/willkommen/<code>/zuruecksetzen   e
GET  /newsletter/<slug>/willkommen/<code>/vorschau        e
GET  /termine                                             eav
BOTH /termine/neu                                         e
GET  /termine/<int:event_id>                              eav
BOTH /termine/<int:event_id>/bearbeiten                   e
BOTH /termine/<int:event_id>/verschieben                  e
BOTH /termine/<int:event_id>/absagen                      e
POST /termine/<int:event_id>/verwerfen                    e
GET  /kanaele                                             eav
BOTH /kanaele/neu                                         v
BOTH /kanaele/<int:channel_id>                            v
POST /kanaele/<int:channel_id>/geheimnis                  v
POST /kanaele/<int:channel_id>/testen                     v
POST /kanaele/zustellungen/<int:dispatch_id>/erneut       eav
GET  /abonnements                                         eav
GET  /abonnements/anmeldungen                             eav
GET  /abonnements/<int:subscriber_id>                     eav
GET  /abonnements/<int:subscriber_id>/nachweis            eav
GET  /abonnements/<int:subscriber_id>/nachweis.pdf        eav
GET  /abonnements/<int:subscriber_id>/nachweis.json       eav
BOTH /abonnements/<int:subscriber_id>/loeschen            v
BOTH /abonnements/importe                                 ev
BOTH /abonnements/importe/<int:import_id>                 ev
GET  /abonnements/importe/<int:import_id>/pruefung.csv    ev
POST /abonnements/importe/<int:import_id>/uebernehmen     ev
POST /abonnements/importe/<int:import_id>/verwerfen       ev
BOTH /abonnements/export                                  ev
POST /abonnements/<int:subscriber_id>/abmelden            ev
BOTH /abonnements/sammelabmeldung                         ev
GET  /abonnements/bericht                                 eav
GET  /abonnements/doppelte                                ev
BOTH /abonnements/rueckfragen                             ev
GET  /vorhaben                                            eav
BOTH /vorhaben/<int:ozg_id>                               eav
GET  /beitraege                                           eav
BOTH /beitraege/<int:contribution_id>                     eav
GET  /versand                                             eav
GET  /versand/live                                        eav
BOTH /versand/<int:delivery_id>/erneut                    eav
BOTH /versand/gruppen/<group>/erneut                      eav
POST /versand/gruppen/<group>/freigeben                   eav
GET  /versand/rueckmeldungen                              eav
GET  /versand/rueckmeldungen/<int:mail_id>                eav
GET  /versand/rueckmeldungen/<int:mail_id>/quelltext      eav
BOTH /versand/sperren                                     ev
"""
METHODS = {"GET": ["GET"], "POST": ["POST"], "BOTH": ["GET", "POST"]}
LETTERS = {"editor": "e", "approver": "a", "admin": "v"}


def rights() -> dict[tuple[str, str], str]:
    """Who may send each request, by method and rule."""
    lines = [line.split() for line in RIGHTS.strip().splitlines()]
    return {(method, f"/redaktion{rule}"): who for kind, rule, who in lines for method in METHODS[kind]}
