// Which field of which kind of record a value of the passport comes from: the same table as
// trace/log/shown_fields.py, which a test holds this to. A proof that leads a shown value to a field
// of another meaning proves nothing.

/** Part of the passport, then schema of the record, then shown value: the field that says it. */
export const SHOWN = {
  "": {
    "batch/1": {
      "/record_id": "id",
      "/trace_code": "trace_code",
      "/family": "family",
      "/variant": "variant",
      "/name": "name",
      "/lot": "lot",
      "/quantity": "quantity",
      "/produced": "produced",
      "/best_before": "best_before",
      "/households": "households",
      "/registered_at": "at",
      "/facts/*/value": "fact.{key}"
    },
    "product/1": {
      "/gtin": "gtin",
      "/names": "names",
      "/label": "label"
    }
  },
  "/producer": {
    "party/1": {
      "/uid": "party",
      "/kind": "kind",
      "/name": "name",
      "/names": "names",
      "/uscc": "uscc",
      "/state": "state"
    }
  },
  "/origin": {
    "site/1": {
      "/uid": "site",
      "/name": "name",
      "/names": "names",
      "/kind": "kind",
      "/division_code": "division",
      "/altitude_m": "altitude_m"
    }
  },
  "/route/*": {
    "site/1": {
      "/place/uid": "site",
      "/place/name": "name",
      "/place/division_code": "division",
      "/place/altitude_m": "altitude_m"
    }
  },
  "/steps/*": {
    "event/1": {
      "/record_id": "id",
      "/uid": "event",
      "/kind": "kind",
      "/happened_at": "happened_at",
      "/happened": "happened",
      "/batches": "batches",
      "/evidence_grade": "evidence_grade",
      "/corrects": "corrects",
      "/correction_reason": "reason",
      "/withdrawn": "withdrawn",
      "/facts/*/value": "kde.{key}"
    },
    "batch/1": {
      "/record_id": "id",
      "/happened_at": "at",
      "/evidence_grade": "evidence_grade"
    },
    "batch_state/1": {
      "/record_id": "id",
      "/happened_at": "at",
      "/correction_reason": "reason",
      "/corrects": "corrects",
      "/withdrawn": "withdrawn",
      "/evidence_grade": "evidence_grade"
    },
    "order/1": {
      "/record_id": "id",
      "/happened_at": "at",
      "/evidence_grade": "evidence_grade",
      "/facts/*/value": "{key}"
    },
    "party/1": {
      "/who": "name"
    },
    "site/1": {
      "/place": "name"
    },
    "event_evidence/1": {
      "/evidence_grade": "evidence_grade"
    }
  },
  "/papers/*": {
    "paper/1": {
      "/uid": "paper",
      "/kind": "kind",
      "/number": "number",
      "/issuer": "issuer",
      "/valid_from": "valid_from",
      "/valid_to": "valid_to",
      "/amount": "amount",
      "/checked_where": "checked_where",
      "/state": "state",
      "/state_reason": "reason"
    },
    "party/1": {
      "/holder": "name"
    }
  },
  "/certificates/*": {
    "commitment_certificate/1": {
      "/number": "certificate",
      "/quantity": "quantity",
      "/issued_on": "issued_on",
      "/state": "state",
      "/state_reason": "reason"
    }
  },
  "/tests/*": {
    "test-report/1": {
      "/uid": "report",
      "/number": "number",
      "/kind": "kind",
      "/laboratory": "laboratory",
      "/cma": "cma",
      "/sampled_on": "sampled_on",
      "/issued_on": "issued_on",
      "/valid_to": "valid_to",
      "/conclusion": "conclusion",
      "/items/*/parameter": "items/*/parameter",
      "/items/*/result": "items/*/result",
      "/items/*/unit": "items/*/unit",
      "/items/*/limit": "items/*/limit",
      "/items/*/standard": "items/*/standard",
      "/items/*/conclusion": "items/*/conclusion"
    },
    "verdict/1": {
      "/items/*/verdict/trace_code": "trace_code",
      "/items/*/verdict/verdict": "items/*/verdict",
      "/items/*/verdict/unconfirmed": "items/*/unconfirmed",
      "/items/*/verdict/grounds": "items/*/grounds",
      "/items/*/verdict/standards": "standards",
      "/items/*/verdict/overturned_by": "overturned_by"
    }
  }
};

/** A field that names something else: the schema that tells of it, and the field of its name there. */
export const LINKS = {
  "party": {
    "party/1": "party"
  },
  "holder": {
    "party/1": "party"
  },
  "by": {
    "party/1": "party"
  },
  "site": {
    "site/1": "site"
  },
  "product": {
    "product/1": "product"
  },
  "event": {
    "event_evidence/1": "event"
  },
  "paper": {
    "paper/1": "paper"
  },
  "certificate": {
    "commitment_certificate/1": "certificate"
  },
  "report": {
    "verdict/1": "report"
  }
};

/** How a later record names the one it corrects: its field, and the earlier one's. */
export const MENDS = [["corrects", ""], ["corrects", "event"], ["trace_code", "trace_code"]];

/** The kind of step that a record of a type stands behind, where no field of it says so. */
export const STEP_KINDS = {
  "batch.registered": "register",
  "batch.withdrawn": "register",
  "hold.ordered": "hold",
  "recall.ordered": "recall",
  "hold.lifted": "release",
  "recall.lifted": "release"
};

/** What some parts have from a record, and others from the day or from what they are. */
export const WORKED_OUT = [
  "/certificates/*/state",
  "/certificates/*/state_reason",
  "/papers/*/state",
  "/papers/*/state_reason",
  "/steps/*/batches",
  "/steps/*/kind",
  "/steps/*/uid"
];

/** What always comes from a record: shown without a proof, it is not proven. */
export const EXPECTED = expected();

function expected() {
  const all = Object.entries(SHOWN).flatMap(([part, bySchema]) =>
    Object.values(bySchema).flatMap((said) => Object.keys(said).map((shown) => part + shown)),
  );
  return [...new Set(all)].filter((one) => !WORKED_OUT.includes(one)).sort();
}
