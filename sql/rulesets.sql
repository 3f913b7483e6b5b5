-- made by make from sql/rulesets/*.json and sql/policies/*.json
CALL centre.add_ruleset($json${
  "code": "jmp2017_household_hygiene",
  "valid_from": "2017-07-01",
  "valid_to": null,
  "source": "WHO and UNICEF: JMP methodology, 2017 update and SDG baselines, 2018; Progress on drinking water, sanitation and hygiene, 2017",
  "ruleset": {
    "name": "jmp2017_household_hygiene",
    "version": "1",
    "kind": "household_hygiene",
    "description": "Handwashing of households: basic is a facility at home with soap and water, limited one that lacks either",
    "facts": [
      {"name": "facility", "type": "boolean", "null": "unknown", "description": "a handwashing facility, fixed or mobile, was seen at home; not allowed to look is NULL"},
      {"name": "water", "type": "boolean", "null": "unknown", "description": "water is available at it"},
      {"name": "soap", "type": "boolean", "null": "unknown", "description": "soap or detergent is available at it; ash, sand and mud are no soap"}
    ],
    "rules": [
      {"id": "facility", "group": "limited", "assert": {"var": "facility"},
       "reason": {"en": "There is no handwashing facility at home.", "fr": "Pas d'installation de lavage des mains à domicile."},
       "action": {"en": "Set up a handwashing place.", "fr": "Installer un lave-mains."}},
      {"id": "water", "group": "basic", "assert": {"var": "water"},
       "reason": {"en": "The handwashing facility has no water.", "fr": "Le lave-mains n'a pas d'eau."},
       "action": {"en": "Keep water at it.", "fr": "L'approvisionner en eau."}},
      {"id": "soap", "group": "basic", "assert": {"var": "soap"},
       "reason": {"en": "The handwashing facility has no soap.", "fr": "Le lave-mains n'a pas de savon."},
       "action": {"en": "Keep soap at it.", "fr": "L'approvisionner en savon."}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_facility"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "soap and water", "facts": {"facility": true, "water": true, "soap": true}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "no water is limited in a household", "facts": {"facility": true, "water": false, "soap": true}, "expect": {"outcome": "limited", "fail": ["water"]}},
      {"name": "none", "facts": {"facility": false}, "expect": {"outcome": "no_facility"}},
      {"name": "not seen", "facts": {}, "expect": {"outcome": null, "fail": [], "unknown": ["facility", "water", "soap"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2017_household_sanitation",
  "valid_from": "2017-07-01",
  "valid_to": null,
  "source": "WHO and UNICEF: JMP methodology, 2017 update and SDG baselines, 2018; Progress on drinking water, sanitation and hygiene, 2017",
  "ruleset": {
    "name": "jmp2017_household_sanitation",
    "version": "1",
    "kind": "household_sanitation",
    "description": "Sanitation of households: safely managed is an improved toilet that is not shared and whose excreta are disposed of in place, or removed and treated",
    "facts": [
      {"name": "toilet", "type": "text", "null": "unknown", "description": "kind of toilet that the household usually uses"},
      {"name": "shared", "type": "boolean", "null": "unknown", "description": "it is shared with other households"},
      {"name": "excreta", "type": "text", "null": "unknown", "description": "what becomes of excreta: disposed_in_place, removed_and_treated, sewer_treated, removed_untreated, sewer_untreated, discharged"}
    ],
    "params": {
      "improved": ["flush_sewer", "flush_septic", "flush_pit", "flush_unknown", "vip", "pit_slab", "twin_pit", "composting", "container"],
      "not_improved": ["flush_open_drain", "pit_no_slab", "bucket", "hanging", "none"],
      "safe": ["disposed_in_place", "removed_and_treated", "sewer_treated"],
      "unsafe": ["removed_untreated", "sewer_untreated", "discharged"]
    },
    "rules": [
      {"id": "no_open_defecation", "group": "unimproved", "assert": {"!": {"===": [{"var": "toilet"}, "none"]}},
       "reason": {"en": "The household has no toilet.", "fr": "Le ménage n'a pas de toilette."},
       "action": {"en": "Build a toilet.", "fr": "Construire une toilette."}},
      {"id": "improved_toilet", "group": "limited", "assert": {"in": [{"var": "toilet"}, {"param": "improved"}]},
       "reason": {"en": "The toilet is not improved.", "fr": "La toilette n'est pas améliorée."},
       "action": {"en": "Add a slab or keep excreta from human contact in another way.", "fr": "Ajouter une dalle ou éviter autrement le contact avec les excreta."}},
      {"id": "not_shared", "group": "basic", "assert": {"!": {"var": "shared"}},
       "reason": {"en": "The toilet is shared with other households.", "fr": "La toilette est partagée avec d'autres ménages."},
       "action": {"en": "Build a toilet for the household alone.", "fr": "Construire une toilette pour le seul ménage."}},
      {"id": "excreta_safe", "group": "safely_managed", "assert": {"in": [{"var": "excreta"}, {"param": "safe"}]},
       "reason": {"en": "Excreta are not disposed of or treated safely.", "fr": "Les excreta ne sont pas éliminés ou traités en sécurité."},
       "action": {"en": "Have the pit emptied and the sludge treated, or treat the sewage.", "fr": "Faire vidanger et traiter les boues, ou traiter les eaux usées."}},
      {"id": "toilet_listed", "group": "answers", "assert": {"or": [{"rule": "improved_toilet"}, {"in": [{"var": "toilet"}, {"param": "not_improved"}]}]}},
      {"id": "excreta_listed", "group": "answers", "assert": {"or": [{"rule": "excreta_safe"}, {"in": [{"var": "excreta"}, {"param": "unsafe"}]}]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "unimproved"}}, "outcome": "open_defecation"},
      {"if": {"!": {"group": "limited"}}, "outcome": "unimproved"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"if": {"!": {"group": "safely_managed"}}, "outcome": "basic"},
      {"outcome": "safely_managed"}
    ],
    "tests": [
      {"name": "covered in place", "facts": {"toilet": "pit_slab", "shared": false, "excreta": "disposed_in_place"}, "expect": {"outcome": "safely_managed", "fail": []}},
      {"name": "sewage untreated", "facts": {"toilet": "flush_sewer", "shared": false, "excreta": "sewer_untreated"}, "expect": {"outcome": "basic", "fail": ["excreta_safe"]}},
      {"name": "shared, though treated", "facts": {"toilet": "flush_sewer", "shared": true, "excreta": "sewer_treated"}, "expect": {"outcome": "limited", "fail": ["not_shared"]}},
      {"name": "not known what becomes of excreta", "facts": {"toilet": "pit_slab", "shared": false}, "expect": {"outcome": null, "fail": [], "unknown": ["excreta_safe", "excreta_listed"]}},
      {"name": "none", "facts": {"toilet": "none"}, "expect": {"outcome": "open_defecation"}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2017_household_sanitation_basic",
  "valid_from": "2017-07-01",
  "valid_to": null,
  "source": "WHO and UNICEF: JMP methodology, 2017 update and SDG baselines, 2018; Progress on drinking water, sanitation and hygiene, 2017",
  "ruleset": {
    "name": "jmp2017_household_sanitation_basic",
    "version": "1",
    "kind": "household_sanitation",
    "description": "Sanitation of households up to basic, for surveys that do not ask what becomes of excreta: basic is an improved toilet that is not shared",
    "facts": [
      {"name": "toilet", "type": "text", "null": "unknown", "description": "kind of toilet that the household usually uses"},
      {"name": "shared", "type": "boolean", "null": "unknown", "description": "it is shared with other households"}
    ],
    "params": {
      "improved": ["flush_sewer", "flush_septic", "flush_pit", "flush_unknown", "vip", "pit_slab", "twin_pit", "composting", "container"],
      "not_improved": ["flush_open_drain", "pit_no_slab", "bucket", "hanging", "none"]
    },
    "rules": [
      {"id": "no_open_defecation", "group": "unimproved", "assert": {"!": {"===": [{"var": "toilet"}, "none"]}},
       "reason": {"en": "The household has no toilet.", "fr": "Le ménage n'a pas de toilette."},
       "action": {"en": "Build a toilet.", "fr": "Construire une toilette."}},
      {"id": "improved_toilet", "group": "limited", "assert": {"in": [{"var": "toilet"}, {"param": "improved"}]},
       "reason": {"en": "The toilet is not improved.", "fr": "La toilette n'est pas améliorée."},
       "action": {"en": "Add a slab or keep excreta from human contact in another way.", "fr": "Ajouter une dalle ou éviter autrement le contact avec les excreta."}},
      {"id": "not_shared", "group": "basic", "assert": {"!": {"var": "shared"}},
       "reason": {"en": "The toilet is shared with other households.", "fr": "La toilette est partagée avec d'autres ménages."},
       "action": {"en": "Build a toilet for the household alone.", "fr": "Construire une toilette pour le seul ménage."}},
      {"id": "toilet_listed", "group": "answers", "assert": {"or": [{"rule": "improved_toilet"}, {"in": [{"var": "toilet"}, {"param": "not_improved"}]}]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "unimproved"}}, "outcome": "open_defecation"},
      {"if": {"!": {"group": "limited"}}, "outcome": "unimproved"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "own pit with slab", "facts": {"toilet": "pit_slab", "shared": false}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "shared", "facts": {"toilet": "vip", "shared": true}, "expect": {"outcome": "limited", "fail": ["not_shared"]}},
      {"name": "not known whether shared", "facts": {"toilet": "vip"}, "expect": {"outcome": null, "fail": [], "unknown": ["not_shared"]}},
      {"name": "flush to an open drain", "facts": {"toilet": "flush_open_drain", "shared": false}, "expect": {"outcome": "unimproved", "fail": ["improved_toilet"]}},
      {"name": "none", "facts": {"toilet": "none"}, "expect": {"outcome": "open_defecation"}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2017_household_water",
  "valid_from": "2017-07-01",
  "valid_to": null,
  "source": "WHO and UNICEF: JMP methodology, 2017 update and SDG baselines, 2018; Progress on drinking water, sanitation and hygiene, 2017",
  "ruleset": {
    "name": "jmp2017_household_water",
    "version": "1",
    "kind": "household_water",
    "description": "Drinking water of households: safely managed is an improved source on premises, available when needed and free of contamination, each for the same household",
    "facts": [
      {"name": "source", "type": "text", "null": "unknown", "description": "main source of drinking water"},
      {"name": "on_premises", "type": "boolean", "null": "unknown", "description": "the source is in the dwelling, yard or plot"},
      {"name": "round_trip_minutes", "type": "integer", "null": "unknown", "description": "minutes to fetch water and come back, queueing included; not known is NULL, never 0"},
      {"name": "available_when_needed", "type": "boolean", "null": "unknown", "description": "enough in the last month, or at least 12 hours a day or 4 days a week"},
      {"name": "free_of_e_coli", "type": "boolean", "null": "unknown", "description": "a sample had no detectable E. coli in 100 ml"},
      {"name": "free_of_chemicals", "type": "boolean", "null": "unknown", "description": "arsenic and fluoride lie within the national standard"}
    ],
    "params": {
      "improved": ["piped_dwelling", "piped_yard", "piped_neighbour", "public_tap", "piped", "borehole", "protected_well", "protected_spring", "rainwater", "tanker", "cart", "kiosk", "bottled", "sachet"],
      "not_improved": ["unprotected_well", "unprotected_spring", "surface_water"],
      "max_minutes": 30
    },
    "rules": [
      {"id": "not_surface_water", "group": "unimproved", "assert": {"!": {"===": [{"var": "source"}, "surface_water"]}},
       "reason": {"en": "Drinking water is surface water.", "fr": "L'eau de boisson est de l'eau de surface."},
       "action": {"en": "Provide a source that is not open.", "fr": "Fournir une source couverte."}},
      {"id": "improved_source", "group": "limited", "assert": {"in": [{"var": "source"}, {"param": "improved"}]},
       "reason": {"en": "The source is not improved.", "fr": "La source n'est pas améliorée."},
       "action": {"en": "Protect the source or connect the household.", "fr": "Protéger la source ou raccorder le ménage."}},
      {"id": "round_trip", "group": "basic", "assert": {"or": [{"var": "on_premises"}, {"<=": [{"var": "round_trip_minutes"}, {"param": "max_minutes"}]}]},
       "reason": {"en": "Fetching water takes more than 30 minutes.", "fr": "Aller chercher l'eau prend plus de 30 minutes."},
       "action": {"en": "Bring a source closer or shorten the queue.", "fr": "Rapprocher une source ou réduire l'attente."}},
      {"id": "on_premises", "group": "safely_managed", "assert": {"var": "on_premises"},
       "reason": {"en": "The source is not on the premises.", "fr": "La source n'est pas sur place."},
       "action": {"en": "Connect the household.", "fr": "Raccorder le ménage."}},
      {"id": "available_when_needed", "group": "safely_managed", "assert": {"var": "available_when_needed"},
       "reason": {"en": "Water is not available when needed.", "fr": "L'eau n'est pas disponible en cas de besoin."},
       "action": {"en": "Mend interruptions of the supply.", "fr": "Remédier aux interruptions."}},
      {"id": "free_of_e_coli", "group": "safely_managed", "assert": {"var": "free_of_e_coli"},
       "reason": {"en": "The water is contaminated with E. coli.", "fr": "L'eau est contaminée par E. coli."},
       "action": {"en": "Disinfect the water.", "fr": "Désinfecter l'eau."}},
      {"id": "free_of_chemicals", "group": "safely_managed", "assert": {"var": "free_of_chemicals"},
       "reason": {"en": "The water has too much arsenic or fluoride.", "fr": "L'eau contient trop d'arsenic ou de fluorure."},
       "action": {"en": "Treat the water or change the source.", "fr": "Traiter l'eau ou changer de source."}},
      {"id": "source_listed", "group": "answers", "assert": {"or": [{"rule": "improved_source"}, {"in": [{"var": "source"}, {"param": "not_improved"}]}]}},
      {"id": "minutes_valid", "group": "answers", "assert": {">=": [{"var": "round_trip_minutes"}, 0]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "unimproved"}}, "outcome": "surface_water"},
      {"if": {"!": {"group": "limited"}}, "outcome": "unimproved"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"if": {"!": {"group": "safely_managed"}}, "outcome": "basic"},
      {"outcome": "safely_managed"}
    ],
    "tests": [
      {"name": "all there", "facts": {"source": "piped_dwelling", "on_premises": true, "available_when_needed": true, "free_of_e_coli": true, "free_of_chemicals": true}, "expect": {"outcome": "safely_managed", "fail": [], "unknown": ["minutes_valid"]}},
      {"name": "contaminated", "facts": {"source": "piped_dwelling", "on_premises": true, "available_when_needed": true, "free_of_e_coli": false, "free_of_chemicals": true}, "expect": {"outcome": "basic", "fail": ["free_of_e_coli"]}},
      {"name": "at the street, near", "facts": {"source": "public_tap", "on_premises": false, "round_trip_minutes": 30, "free_of_e_coli": true}, "expect": {"outcome": "basic", "fail": ["on_premises"]}},
      {"name": "not tested", "facts": {"source": "piped_dwelling", "on_premises": true, "available_when_needed": true}, "expect": {"outcome": null, "fail": [], "unknown": ["free_of_e_coli", "free_of_chemicals", "minutes_valid"]}},
      {"name": "far, whatever its quality", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 45}, "expect": {"outcome": "limited"}},
      {"name": "a river", "facts": {"source": "surface_water"}, "expect": {"outcome": "surface_water"}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2017_household_water_basic",
  "valid_from": "2017-07-01",
  "valid_to": null,
  "source": "WHO and UNICEF: JMP methodology, 2017 update and SDG baselines, 2018; Progress on drinking water, sanitation and hygiene, 2017",
  "ruleset": {
    "name": "jmp2017_household_water_basic",
    "version": "1",
    "kind": "household_water",
    "description": "Drinking water of households up to basic, for surveys that do not ask what safely managed needs: basic is an improved source with a round trip of at most 30 minutes",
    "facts": [
      {"name": "source", "type": "text", "null": "unknown", "description": "main source of drinking water"},
      {"name": "on_premises", "type": "boolean", "null": "unknown", "description": "the source is in the dwelling, yard or plot"},
      {"name": "round_trip_minutes", "type": "integer", "null": "unknown", "description": "minutes to fetch water and come back, queueing included; not known is NULL, never 0"}
    ],
    "params": {
      "improved": ["piped_dwelling", "piped_yard", "piped_neighbour", "public_tap", "piped", "borehole", "protected_well", "protected_spring", "rainwater", "tanker", "cart", "kiosk", "bottled", "sachet"],
      "not_improved": ["unprotected_well", "unprotected_spring", "surface_water"],
      "max_minutes": 30
    },
    "rules": [
      {"id": "not_surface_water", "group": "unimproved", "assert": {"!": {"===": [{"var": "source"}, "surface_water"]}},
       "reason": {"en": "Drinking water is surface water.", "fr": "L'eau de boisson est de l'eau de surface."},
       "action": {"en": "Provide a source that is not open.", "fr": "Fournir une source couverte."}},
      {"id": "improved_source", "group": "limited", "assert": {"in": [{"var": "source"}, {"param": "improved"}]},
       "reason": {"en": "The source is not improved.", "fr": "La source n'est pas améliorée."},
       "action": {"en": "Protect the source or connect the household.", "fr": "Protéger la source ou raccorder le ménage."}},
      {"id": "round_trip", "group": "basic", "assert": {"or": [{"var": "on_premises"}, {"<=": [{"var": "round_trip_minutes"}, {"param": "max_minutes"}]}]},
       "reason": {"en": "Fetching water takes more than 30 minutes.", "fr": "Aller chercher l'eau prend plus de 30 minutes."},
       "action": {"en": "Bring a source closer or shorten the queue.", "fr": "Rapprocher une source ou réduire l'attente."}},
      {"id": "source_listed", "group": "answers", "assert": {"or": [{"rule": "improved_source"}, {"in": [{"var": "source"}, {"param": "not_improved"}]}]}},
      {"id": "minutes_valid", "group": "answers", "assert": {">=": [{"var": "round_trip_minutes"}, 0]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "unimproved"}}, "outcome": "surface_water"},
      {"if": {"!": {"group": "limited"}}, "outcome": "unimproved"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "exactly 30 minutes is basic", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 30}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "31 minutes is limited", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 31}, "expect": {"outcome": "limited", "fail": ["round_trip"]}},
      {"name": "on premises, minutes do not matter", "facts": {"source": "piped_yard", "on_premises": true}, "expect": {"outcome": "basic", "fail": [], "unknown": ["minutes_valid"]}},
      {"name": "unknown is not zero", "facts": {"source": "borehole", "on_premises": false}, "expect": {"outcome": null, "fail": [], "unknown": ["round_trip", "minutes_valid"]}},
      {"name": "an open well", "facts": {"source": "unprotected_well", "on_premises": true}, "expect": {"outcome": "unimproved", "fail": ["improved_source"]}},
      {"name": "a river", "facts": {"source": "surface_water", "on_premises": false, "round_trip_minutes": 5}, "expect": {"outcome": "surface_water"}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2018_hcf_cleaning",
  "valid_from": "2018-06-01",
  "valid_to": null,
  "source": "WHO and UNICEF: Core questions and indicators for monitoring WASH in health care facilities in the Sustainable Development Goals, 2018",
  "ruleset": {
    "name": "jmp2018_hcf_cleaning",
    "version": "1",
    "kind": "hcf",
    "description": "Environmental cleaning in health care facilities: basic is protocols and all cleaning staff trained, no service is neither protocols nor anybody trained",
    "facts": [
      {"name": "protocols", "type": "boolean", "null": "unknown", "description": "G-C1, cleaning protocols are available"},
      {"name": "staff_trained", "type": "text", "null": "unknown", "description": "G-C2, cleaning staff trained: all, some, none, no_staff"}
    ],
    "rules": [
      {"id": "some_cleaning", "group": "limited", "assert": {"or": [{"var": "protocols"}, {"in": [{"var": "staff_trained"}, ["all", "some"]]}]},
       "reason": {"en": "There are no cleaning protocols and nobody was trained.", "fr": "Pas de protocoles de nettoyage et personne n'est formé."},
       "action": {"en": "Introduce cleaning protocols.", "fr": "Introduire des protocoles de nettoyage."}},
      {"id": "protocols", "group": "basic", "assert": {"var": "protocols"},
       "reason": {"en": "There are no cleaning protocols.", "fr": "Pas de protocoles de nettoyage."},
       "action": {"en": "Introduce cleaning protocols.", "fr": "Introduire des protocoles de nettoyage."}},
      {"id": "all_trained", "group": "basic", "assert": {"===": [{"var": "staff_trained"}, "all"]},
       "reason": {"en": "Not all cleaning staff were trained.", "fr": "Le personnel de nettoyage n'est pas entièrement formé."},
       "action": {"en": "Train all cleaning staff.", "fr": "Former tout le personnel de nettoyage."}},
      {"id": "training_listed", "group": "answers", "assert": {"in": [{"var": "staff_trained"}, ["all", "some", "none", "no_staff"]]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "protocols and training", "facts": {"protocols": true, "staff_trained": "all"}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "some trained is limited, with or without protocols", "facts": {"staff_trained": "some"}, "expect": {"outcome": "limited", "fail": ["all_trained"], "unknown": ["protocols"]}},
      {"name": "neither", "facts": {"protocols": false, "staff_trained": "no_staff"}, "expect": {"outcome": "no_service"}},
      {"name": "training not known", "facts": {"protocols": true}, "expect": {"outcome": null, "fail": [], "unknown": ["all_trained", "training_listed"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2018_hcf_hygiene",
  "valid_from": "2018-06-01",
  "valid_to": null,
  "source": "WHO and UNICEF: Core questions and indicators for monitoring WASH in health care facilities in the Sustainable Development Goals, 2018",
  "ruleset": {
    "name": "jmp2018_hcf_hygiene",
    "version": "1",
    "kind": "hcf",
    "description": "Hand hygiene in health care facilities: basic at points of care and within 5 m of toilets, limited at one of the two",
    "facts": [
      {"name": "points_of_care", "type": "boolean", "null": "unknown", "description": "G-H1, functional at points of care today: alcohol rub, or water and soap"},
      {"name": "toilets_within_5m", "type": "boolean", "null": "unknown", "description": "G-H2, functional within 5 m of toilets today: water and soap"}
    ],
    "rules": [
      {"id": "anywhere", "group": "limited", "assert": {"or": [{"var": "points_of_care"}, {"var": "toilets_within_5m"}]},
       "reason": {"en": "No hand hygiene facility is functional.", "fr": "Aucune installation d'hygiène des mains n'est fonctionnelle."},
       "action": {"en": "Provide water and soap, or alcohol rub at points of care.", "fr": "Fournir de l'eau et du savon, ou une solution hydroalcoolique aux points de soins."}},
      {"id": "points_of_care", "group": "basic", "assert": {"var": "points_of_care"},
       "reason": {"en": "Hand hygiene is not functional at points of care.", "fr": "L'hygiène des mains n'est pas assurée aux points de soins."},
       "action": {"en": "Provide alcohol rub, or water and soap, at points of care.", "fr": "Fournir une solution hydroalcoolique, ou de l'eau et du savon, aux points de soins."}},
      {"id": "toilets_within_5m", "group": "basic", "assert": {"var": "toilets_within_5m"},
       "reason": {"en": "There is no handwashing with water and soap within 5 m of toilets.", "fr": "Pas de lavage des mains à l'eau et au savon à moins de 5 m des toilettes."},
       "action": {"en": "Provide water and soap at toilets; alcohol rub does not replace them there.", "fr": "Fournir de l'eau et du savon aux toilettes; une solution hydroalcoolique n'y suffit pas."}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "both", "facts": {"points_of_care": true, "toilets_within_5m": true}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "one of the two", "facts": {"points_of_care": true, "toilets_within_5m": false}, "expect": {"outcome": "limited", "fail": ["toilets_within_5m"]}},
      {"name": "neither", "facts": {"points_of_care": false, "toilets_within_5m": false}, "expect": {"outcome": "no_service", "fail": ["anywhere", "points_of_care", "toilets_within_5m"]}},
      {"name": "one known, one not", "facts": {"points_of_care": true}, "expect": {"outcome": null, "fail": [], "unknown": ["toilets_within_5m"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2018_hcf_sanitation",
  "valid_from": "2018-06-01",
  "valid_to": null,
  "source": "WHO and UNICEF: Core questions and indicators for monitoring WASH in health care facilities in the Sustainable Development Goals, 2018",
  "ruleset": {
    "name": "jmp2018_hcf_sanitation",
    "version": "1",
    "kind": "hcf",
    "description": "Sanitation in health care facilities: basic is improved and usable, with a toilet for staff, sex-separated ones, menstrual hygiene facilities and one for people with limited mobility; limited is improved",
    "facts": [
      {"name": "toilet_type", "type": "text", "null": "unknown", "description": "G-S1, type of the most common toilet of patients"},
      {"name": "usable", "type": "boolean", "null": "unknown", "description": "G-S2, at least one is available, functional and private"},
      {"name": "staff", "type": "boolean", "null": "unknown", "description": "G-S3, at least one is dedicated to staff"},
      {"name": "sex_separated", "type": "boolean", "null": "unknown", "description": "G-S4, at least one is for women only, or a gender-neutral room"},
      {"name": "menstrual", "type": "boolean", "null": "unknown", "description": "G-S5, at least one has menstrual hygiene facilities"},
      {"name": "limited_mobility", "type": "boolean", "null": "unknown", "description": "G-S6, at least one is accessible to people with limited mobility"}
    ],
    "params": {
      "improved": ["flush_sewer", "flush_tank_or_pit", "pit_slab", "composting"],
      "not_improved": ["flush_open_drain", "pit_no_slab", "bucket", "hanging", "none"]
    },
    "rules": [
      {"id": "improved_toilet", "group": "limited", "assert": {"in": [{"var": "toilet_type"}, {"param": "improved"}]},
       "reason": {"en": "The toilets are not improved.", "fr": "Les toilettes ne sont pas améliorées."},
       "action": {"en": "Build toilets that keep excreta from human contact.", "fr": "Construire des toilettes qui évitent le contact avec les excreta."}},
      {"id": "usable", "group": "basic", "assert": {"var": "usable"},
       "reason": {"en": "No toilet is usable.", "fr": "Aucune toilette n'est utilisable."},
       "action": {"en": "Repair, open or screen a toilet.", "fr": "Réparer, ouvrir ou isoler une toilette."}},
      {"id": "staff", "group": "basic", "assert": {"var": "staff"},
       "reason": {"en": "There is no toilet for staff.", "fr": "Pas de toilette réservée au personnel."},
       "action": {"en": "Dedicate a toilet to staff.", "fr": "Réserver une toilette au personnel."}},
      {"id": "sex_separated", "group": "basic", "assert": {"var": "sex_separated"},
       "reason": {"en": "There is no toilet for women.", "fr": "Pas de toilette réservée aux femmes."},
       "action": {"en": "Dedicate a toilet to women or make a gender-neutral room.", "fr": "Réserver une toilette aux femmes ou créer un local non genré."}},
      {"id": "menstrual", "group": "basic", "assert": {"var": "menstrual"},
       "reason": {"en": "There are no menstrual hygiene facilities.", "fr": "Pas d'équipement pour l'hygiène menstruelle."},
       "action": {"en": "Provide a bin with a lid, water and soap.", "fr": "Fournir une poubelle à couvercle, de l'eau et du savon."}},
      {"id": "limited_mobility", "group": "basic", "assert": {"var": "limited_mobility"},
       "reason": {"en": "No toilet is accessible to people with limited mobility.", "fr": "Aucune toilette n'est accessible aux personnes à mobilité réduite."},
       "action": {"en": "Make a toilet accessible.", "fr": "Rendre une toilette accessible."}},
      {"id": "toilet_listed", "group": "answers", "assert": {"or": [{"rule": "improved_toilet"}, {"in": [{"var": "toilet_type"}, {"param": "not_improved"}]}]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "all there", "facts": {"toilet_type": "pit_slab", "usable": true, "staff": true, "sex_separated": true, "menstrual": true, "limited_mobility": true}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "one thing missing is limited", "facts": {"toilet_type": "flush_sewer", "usable": true, "staff": true, "sex_separated": true, "menstrual": false, "limited_mobility": true}, "expect": {"outcome": "limited", "fail": ["menstrual"]}},
      {"name": "one no decides, whatever is unanswered", "facts": {"toilet_type": "flush_sewer", "staff": false}, "expect": {"outcome": "limited", "fail": ["staff"]}},
      {"name": "an open drain is no service", "facts": {"toilet_type": "flush_open_drain", "usable": true, "staff": true, "sex_separated": true, "menstrual": true, "limited_mobility": true}, "expect": {"outcome": "no_service", "fail": ["improved_toilet"]}},
      {"name": "one answer missing", "facts": {"toilet_type": "pit_slab", "usable": true, "staff": true, "sex_separated": true, "menstrual": true}, "expect": {"outcome": null, "fail": [], "unknown": ["limited_mobility"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2018_hcf_waste",
  "valid_from": "2018-06-01",
  "valid_to": null,
  "source": "WHO and UNICEF: Core questions and indicators for monitoring WASH in health care facilities in the Sustainable Development Goals, 2018",
  "ruleset": {
    "name": "jmp2018_hcf_waste",
    "version": "1",
    "kind": "hcf",
    "description": "Waste management in health care facilities: basic is segregation into at least three bins and safe treatment of infectious waste and sharps; no service is no bins and unsafe treatment of either",
    "facts": [
      {"name": "segregated_3_bins", "type": "text", "null": "unknown", "description": "G-WM1, segregated into at least three labelled bins: yes, partial, no_bins"},
      {"name": "infectious_treatment", "type": "text", "null": "unknown", "description": "G-WM2, usual treatment of infectious waste"},
      {"name": "sharps_treatment", "type": "text", "null": "unknown", "description": "G-WM3, usual treatment of sharps waste"}
    ],
    "params": {
      "safe": ["autoclaved", "incinerated_two_chamber", "incinerated_other", "burned_protected_pit", "buried_lined_pit", "collected_offsite"],
      "unsafe": ["open_dumping", "open_burning", "general_waste"]
    },
    "rules": [
      {"id": "segregated", "group": "basic", "assert": {"===": [{"var": "segregated_3_bins"}, "yes"]},
       "reason": {"en": "Waste is not segregated into three labelled bins.", "fr": "Les déchets ne sont pas triés dans trois poubelles étiquetées."},
       "action": {"en": "Provide three labelled bins and train staff to use them.", "fr": "Fournir trois poubelles étiquetées et former le personnel."}},
      {"id": "infectious_safe", "group": "basic", "assert": {"in": [{"var": "infectious_treatment"}, {"param": "safe"}]},
       "reason": {"en": "Infectious waste is not treated or disposed of safely.", "fr": "Les déchets infectieux ne sont pas traités ou éliminés en sécurité."},
       "action": {"en": "Autoclave, incinerate, bury safely or have infectious waste collected.", "fr": "Autoclaver, incinérer, enfouir ou faire collecter les déchets infectieux."}},
      {"id": "sharps_safe", "group": "basic", "assert": {"in": [{"var": "sharps_treatment"}, {"param": "safe"}]},
       "reason": {"en": "Sharps are not treated or disposed of safely.", "fr": "Les objets tranchants ne sont pas traités ou éliminés en sécurité."},
       "action": {"en": "Autoclave, incinerate, bury safely or have sharps collected.", "fr": "Autoclaver, incinérer, enfouir ou faire collecter les objets tranchants."}},
      {"id": "some_management", "group": "limited", "assert": {"or": [{"!": {"===": [{"var": "segregated_3_bins"}, "no_bins"]}}, {"and": [{"rule": "infectious_safe"}, {"rule": "sharps_safe"}]}]},
       "reason": {"en": "There are no separate bins and treatment is unsafe.", "fr": "Pas de tri et traitement dangereux."},
       "action": {"en": "Begin with separate bins.", "fr": "Commencer par trier."}},
      {"id": "bins_listed", "group": "answers", "assert": {"in": [{"var": "segregated_3_bins"}, ["yes", "partial", "no_bins"]]}},
      {"id": "infectious_listed", "group": "answers", "assert": {"or": [{"rule": "infectious_safe"}, {"in": [{"var": "infectious_treatment"}, {"param": "unsafe"}]}]}},
      {"id": "sharps_listed", "group": "answers", "assert": {"or": [{"rule": "sharps_safe"}, {"in": [{"var": "sharps_treatment"}, {"param": "unsafe"}]}]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "segregated and safe", "facts": {"segregated_3_bins": "yes", "infectious_treatment": "autoclaved", "sharps_treatment": "buried_lined_pit"}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "bins incomplete", "facts": {"segregated_3_bins": "partial", "infectious_treatment": "autoclaved", "sharps_treatment": "buried_lined_pit"}, "expect": {"outcome": "limited", "fail": ["segregated"]}},
      {"name": "no bins but safe treatment of both", "facts": {"segregated_3_bins": "no_bins", "infectious_treatment": "autoclaved", "sharps_treatment": "autoclaved"}, "expect": {"outcome": "limited", "fail": ["segregated"]}},
      {"name": "no bins and one unsafe", "facts": {"segregated_3_bins": "no_bins", "infectious_treatment": "autoclaved", "sharps_treatment": "open_dumping"}, "expect": {"outcome": "no_service"}},
      {"name": "unsafe, bins not known", "facts": {"infectious_treatment": "open_burning", "sharps_treatment": "autoclaved"}, "expect": {"outcome": null, "fail": ["infectious_safe"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2018_hcf_water",
  "valid_from": "2018-06-01",
  "valid_to": null,
  "source": "WHO and UNICEF: Core questions and indicators for monitoring WASH in health care facilities in the Sustainable Development Goals, 2018",
  "ruleset": {
    "name": "jmp2018_hcf_water",
    "version": "1",
    "kind": "hcf",
    "description": "Water in health care facilities: basic is an improved source on premises with water at the time of the survey; limited an improved source within 500 m",
    "facts": [
      {"name": "main_source", "type": "text", "null": "unknown", "description": "G-W1, main water supply"},
      {"name": "location", "type": "text", "null": "unknown", "description": "G-W2, where it is: on_premises, up_to_500m, over_500m"},
      {"name": "available_today", "type": "boolean", "null": "unknown", "description": "G-W3, water is available at the time of the survey"}
    ],
    "params": {
      "improved": ["piped_inside", "piped_outside", "borehole", "protected_well", "protected_spring", "rainwater", "tanker"],
      "not_improved": ["unprotected_well", "unprotected_spring", "surface", "none"]
    },
    "rules": [
      {"id": "improved_source", "group": "limited", "assert": {"in": [{"var": "main_source"}, {"param": "improved"}]},
       "reason": {"en": "The main water source is not improved.", "fr": "La principale source d'eau n'est pas améliorée."},
       "action": {"en": "Connect to a piped supply or protect the source.", "fr": "Raccorder à un réseau ou protéger la source."}},
      {"id": "within_500m", "group": "limited", "assert": {"or": [{"===": [{"var": "main_source"}, "piped_inside"]}, {"in": [{"var": "location"}, ["on_premises", "up_to_500m"]]}]},
       "reason": {"en": "The water source is further than 500 m away.", "fr": "La source d'eau est à plus de 500 m."},
       "action": {"en": "Bring water to the premises.", "fr": "Amener l'eau sur place."}},
      {"id": "on_premises", "group": "basic", "assert": {"or": [{"===": [{"var": "main_source"}, "piped_inside"]}, {"===": [{"var": "location"}, "on_premises"]}]},
       "reason": {"en": "The water source is not on the premises.", "fr": "La source d'eau n'est pas sur place."},
       "action": {"en": "Bring water to the premises.", "fr": "Amener l'eau sur place."}},
      {"id": "available_today", "group": "basic", "assert": {"var": "available_today"},
       "reason": {"en": "No water was available at the time of the survey.", "fr": "Pas d'eau disponible au moment de l'enquête."},
       "action": {"en": "Repair the supply or store water.", "fr": "Réparer l'approvisionnement ou stocker l'eau."}},
      {"id": "source_listed", "group": "answers", "assert": {"or": [{"rule": "improved_source"}, {"in": [{"var": "main_source"}, {"param": "not_improved"}]}]}},
      {"id": "location_listed", "group": "answers", "assert": {"in": [{"var": "location"}, ["on_premises", "up_to_500m", "over_500m"]]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "piped inside with water needs no location", "facts": {"main_source": "piped_inside", "available_today": true}, "expect": {"outcome": "basic", "fail": [], "unknown": ["location_listed"]}},
      {"name": "500 m is within reach", "facts": {"main_source": "borehole", "location": "up_to_500m", "available_today": true}, "expect": {"outcome": "limited", "fail": ["on_premises"]}},
      {"name": "beyond 500 m", "facts": {"main_source": "borehole", "location": "over_500m", "available_today": true}, "expect": {"outcome": "no_service", "fail": ["within_500m", "on_premises"]}},
      {"name": "on premises but dry", "facts": {"main_source": "borehole", "location": "on_premises", "available_today": false}, "expect": {"outcome": "limited", "fail": ["available_today"]}},
      {"name": "surface water needs no further answer", "facts": {"main_source": "surface"}, "expect": {"outcome": "no_service"}},
      {"name": "not known whether there is water", "facts": {"main_source": "borehole", "location": "on_premises"}, "expect": {"outcome": null, "fail": [], "unknown": ["available_today"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2018_school_hygiene",
  "valid_from": "2018-08-01",
  "valid_to": null,
  "source": "UNICEF and WHO: Core questions and indicators for monitoring WASH in schools in the Sustainable Development Goals, 2018",
  "ruleset": {
    "name": "jmp2018_school_hygiene",
    "version": "1",
    "kind": "school",
    "description": "Handwashing in schools: basic is a facility with water and soap, limited water without soap, no service no facility or, unlike in households, no water",
    "facts": [
      {"name": "facility", "type": "boolean", "null": "unknown", "description": "the school has a handwashing facility"},
      {"name": "water", "type": "boolean", "null": "unknown", "description": "water is available at it now"},
      {"name": "soap", "type": "boolean", "null": "unknown", "description": "soap is available at it now"}
    ],
    "rules": [
      {"id": "facility", "group": "limited", "assert": {"var": "facility"},
       "reason": {"en": "The school has no handwashing facility.", "fr": "L'école n'a pas de lave-mains."},
       "action": {"en": "Build a handwashing facility.", "fr": "Construire un lave-mains."}},
      {"id": "water", "group": "limited", "assert": {"var": "water"},
       "reason": {"en": "The handwashing facility has no water.", "fr": "Le lave-mains n'a pas d'eau."},
       "action": {"en": "Keep water at it.", "fr": "L'approvisionner en eau."}},
      {"id": "soap", "group": "basic", "assert": {"var": "soap"},
       "reason": {"en": "The handwashing facility has no soap.", "fr": "Le lave-mains n'a pas de savon."},
       "action": {"en": "Keep soap at it.", "fr": "L'approvisionner en savon."}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "water and soap", "facts": {"facility": true, "water": true, "soap": true}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "no soap", "facts": {"facility": true, "water": true, "soap": false}, "expect": {"outcome": "limited", "fail": ["soap"]}},
      {"name": "no water is no service in a school", "facts": {"facility": true, "water": false, "soap": true}, "expect": {"outcome": "no_service", "fail": ["water"]}},
      {"name": "none", "facts": {"facility": false}, "expect": {"outcome": "no_service"}},
      {"name": "soap not known", "facts": {"facility": true, "water": true}, "expect": {"outcome": null, "fail": [], "unknown": ["soap"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2018_school_sanitation",
  "valid_from": "2018-08-01",
  "valid_to": null,
  "source": "UNICEF and WHO: Core questions and indicators for monitoring WASH in schools in the Sustainable Development Goals, 2018",
  "ruleset": {
    "name": "jmp2018_school_sanitation",
    "version": "1",
    "kind": "school",
    "description": "Sanitation in schools: basic is improved toilets that are usable and single-sex, limited improved ones that are not; one-sex and pre-primary schools need no single-sex toilets",
    "facts": [
      {"name": "toilet_type", "type": "text", "null": "unknown", "description": "type of the toilets of pupils"},
      {"name": "usable", "type": "boolean", "null": "unknown", "description": "at least one is accessible, functional and private"},
      {"name": "single_sex", "type": "boolean", "null": "unknown", "description": "at least one is for girls only and one for boys only"},
      {"name": "exempt", "type": "boolean", "null": "unknown", "description": "the school is for one sex, or pre-primary"}
    ],
    "params": {
      "improved": ["flush", "pit_slab", "composting"],
      "not_improved": ["flush_open_drain", "pit_no_slab", "bucket", "hanging", "none"]
    },
    "rules": [
      {"id": "improved_toilet", "group": "limited", "assert": {"in": [{"var": "toilet_type"}, {"param": "improved"}]},
       "reason": {"en": "The toilets are not improved.", "fr": "Les toilettes ne sont pas améliorées."},
       "action": {"en": "Build improved toilets.", "fr": "Construire des toilettes améliorées."}},
      {"id": "usable", "group": "basic", "assert": {"var": "usable"},
       "reason": {"en": "No toilet is usable.", "fr": "Aucune toilette n'est utilisable."},
       "action": {"en": "Repair, open or screen toilets.", "fr": "Réparer, ouvrir ou isoler des toilettes."}},
      {"id": "single_sex", "group": "basic", "assert": {"or": [{"var": "single_sex"}, {"var": "exempt"}]},
       "reason": {"en": "Girls and boys have no toilets of their own.", "fr": "Filles et garçons n'ont pas de toilettes séparées."},
       "action": {"en": "Separate toilets for girls and boys.", "fr": "Séparer les toilettes des filles et des garçons."}},
      {"id": "toilet_listed", "group": "answers", "assert": {"or": [{"rule": "improved_toilet"}, {"in": [{"var": "toilet_type"}, {"param": "not_improved"}]}]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "usable and separate", "facts": {"toilet_type": "flush", "usable": true, "single_sex": true, "exempt": false}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "a girls' school needs no separation", "facts": {"toilet_type": "flush", "usable": true, "single_sex": false, "exempt": true}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "not separate", "facts": {"toilet_type": "flush", "usable": true, "single_sex": false, "exempt": false}, "expect": {"outcome": "limited", "fail": ["single_sex"]}},
      {"name": "not improved", "facts": {"toilet_type": "pit_no_slab"}, "expect": {"outcome": "no_service"}},
      {"name": "separation not known", "facts": {"toilet_type": "pit_slab", "usable": true, "exempt": false}, "expect": {"outcome": null, "fail": [], "unknown": ["single_sex"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "jmp2018_school_water",
  "valid_from": "2018-08-01",
  "valid_to": null,
  "source": "UNICEF and WHO: Core questions and indicators for monitoring WASH in schools in the Sustainable Development Goals, 2018",
  "ruleset": {
    "name": "jmp2018_school_water",
    "version": "1",
    "kind": "school",
    "description": "Drinking water in schools: basic is an improved source at the school with water now, limited an improved source without",
    "facts": [
      {"name": "main_source", "type": "text", "null": "unknown", "description": "main source of drinking water at the school"},
      {"name": "available_now", "type": "boolean", "null": "unknown", "description": "drinking water is available from it now"}
    ],
    "params": {
      "improved": ["piped", "borehole", "protected_well", "protected_spring", "rainwater", "tanker", "cart", "bottled"],
      "not_improved": ["unprotected_well", "unprotected_spring", "surface", "none"]
    },
    "rules": [
      {"id": "improved_source", "group": "limited", "assert": {"in": [{"var": "main_source"}, {"param": "improved"}]},
       "reason": {"en": "The school has no improved source of drinking water.", "fr": "L'école n'a pas de source d'eau de boisson améliorée."},
       "action": {"en": "Connect the school or protect its source.", "fr": "Raccorder l'école ou protéger sa source."}},
      {"id": "available_now", "group": "basic", "assert": {"var": "available_now"},
       "reason": {"en": "No drinking water is available.", "fr": "Pas d'eau de boisson disponible."},
       "action": {"en": "Repair the supply or store water.", "fr": "Réparer l'approvisionnement ou stocker l'eau."}},
      {"id": "source_listed", "group": "answers", "assert": {"or": [{"rule": "improved_source"}, {"in": [{"var": "main_source"}, {"param": "not_improved"}]}]}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"outcome": "basic"}
    ],
    "tests": [
      {"name": "water now", "facts": {"main_source": "borehole", "available_now": true}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "dry", "facts": {"main_source": "borehole", "available_now": false}, "expect": {"outcome": "limited", "fail": ["available_now"]}},
      {"name": "open well", "facts": {"main_source": "unprotected_well", "available_now": true}, "expect": {"outcome": "no_service", "fail": ["improved_source"]}},
      {"name": "not known", "facts": {"main_source": "piped"}, "expect": {"outcome": null, "fail": [], "unknown": ["available_now"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "cn_health_code_2020_02_11",
  "valid_from": "2020-02-11T00:00:00+08:00",
  "valid_to": null,
  "source": "After the three-colour health code begun in Hangzhou on 11 February 2020 (published descriptions of colours, periods and the return to green; how codes were assigned was never published)",
  "ruleset": {
    "name": "cn_health_code_2020_02_11",
    "kind": "access_code",
    "description": "Three colours: red for 14 days after a stay in an area of risk and while ill, yellow for 7 days after a contact, green again after two negative tests at least 24 hours apart within 3 days, both sampled after the contact",
    "params": {"red_days": 14, "yellow_days": 7, "negatives_within": 3},
    "facts": [
      {"name": "first_positive_at", "type": "timestamptz", "null": "absent", "description": "sampling of the first positive test of the latest episode"},
      {"name": "recovered_at", "type": "timestamptz", "null": "absent", "description": "discharge after the latest episode"},
      {"name": "risk_area_at", "type": "timestamptz", "null": "absent", "description": "latest stay in an area of risk"},
      {"name": "contact_at", "type": "timestamptz", "null": "absent", "description": "latest contact with a case"},
      {"name": "last_negative_at", "type": "timestamptz", "null": "absent", "description": "sampling of the latest negative test"},
      {"name": "previous_negative_at", "type": "timestamptz", "null": "absent", "description": "sampling of the latest negative test at least 24 hours before that"}
    ],
    "rules": [
      {"id": "no_active_case", "group": "health", "assert": {"or": [{"!": {"present": {"var": "first_positive_at"}}}, {"and": [{"present": {"var": "recovered_at"}}, {"not-before": [{"var": "recovered_at"}, {"var": "first_positive_at"}]}, {"not-before": [{"now": []}, {"var": "recovered_at"}]}]}]}, "reason": {"en": "A case that is not discharged.", "zh": "确诊病例，尚未出院。"}, "action": {"en": "Stay in treatment until discharge.", "zh": "请接受治疗，直到出院。"}},
      {"id": "no_risk_area", "group": "health", "assert": {"or": [{"!": {"present": {"var": "risk_area_at"}}}, {"not-before": [{"now": []}, {"plusTime": [{"var": "risk_area_at"}, {"param": "red_days"}, "day"]}]}]}, "reason": {"en": "Was in an area of risk within 14 days.", "zh": "14天内到过风险地区。"}, "action": {"en": "Quarantine for 14 days.", "zh": "请隔离14天。"}},
      {"id": "no_contact", "group": "health", "severity": "warn", "assert": {"or": [{"!": {"present": {"var": "contact_at"}}}, {"not-before": [{"now": []}, {"plusTime": [{"var": "contact_at"}, {"param": "yellow_days"}, "day"]}]}, {"and": [{"present": {"var": "last_negative_at"}}, {"present": {"var": "previous_negative_at"}}, {"after": [{"var": "last_negative_at"}, {"var": "contact_at"}]}, {"after": [{"var": "previous_negative_at"}, {"var": "contact_at"}]}, {"not-before": [{"var": "last_negative_at"}, {"plusTime": [{"var": "previous_negative_at"}, 24, "hour"]}]}, {"not-after": [{"var": "last_negative_at"}, {"plusTime": [{"var": "previous_negative_at"}, {"param": "negatives_within"}, "day"]}]}]}]}, "reason": {"en": "Contact with a case within 7 days.", "zh": "7天内与病例有接触。"}, "action": {"en": "Take two tests at least 24 hours apart, or wait for 7 days.", "zh": "请间隔24小时做两次核酸检测，或满7天。"}}
    ],
    "outcomes": [
      {"if": {"!": {"severity": "block"}}, "outcome": "red"},
      {"if": {"!": {"severity": "warn"}}, "outcome": "yellow"},
      {"outcome": "green"}
    ],
    "tests": [
      {"name": "nothing known", "at": "2020-02-20T10:00:00+08:00", "facts": {}, "expect": {"outcome": "green", "valid_until": "infinity"}},
      {"name": "contact", "at": "2020-02-26T09:59:59.999999+08:00", "facts": {"contact_at": "2020-02-19T10:00:00+08:00"}, "expect": {"outcome": "yellow", "fail": ["no_contact"], "valid_until": "2020-02-26T02:00:00Z"}},
      {"name": "7 days after contact", "at": "2020-02-26T10:00:00+08:00", "facts": {"contact_at": "2020-02-19T10:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "area of risk, last microsecond", "at": "2020-03-04T09:59:59.999999+08:00", "facts": {"risk_area_at": "2020-02-19T10:00:00+08:00"}, "expect": {"outcome": "red", "valid_until": "2020-03-04T02:00:00Z"}},
      {"name": "14 days after", "at": "2020-03-04T10:00:00+08:00", "facts": {"risk_area_at": "2020-02-19T10:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "both: red wins", "at": "2020-02-20T10:00:00+08:00", "facts": {"risk_area_at": "2020-02-19T10:00:00+08:00", "contact_at": "2020-02-19T10:00:00+08:00"}, "expect": {"outcome": "red"}},
      {"name": "two negatives 24 hours apart", "at": "2020-02-22T10:00:00+08:00", "facts": {"contact_at": "2020-02-19T10:00:00+08:00", "previous_negative_at": "2020-02-20T10:00:00+08:00", "last_negative_at": "2020-02-21T10:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "a microsecond less than 24 hours apart", "at": "2020-02-22T10:00:00+08:00", "facts": {"contact_at": "2020-02-19T10:00:00+08:00", "previous_negative_at": "2020-02-20T10:00:00.000001+08:00", "last_negative_at": "2020-02-21T10:00:00+08:00"}, "expect": {"outcome": "yellow"}},
      {"name": "three days apart", "at": "2020-02-24T10:00:00+08:00", "facts": {"contact_at": "2020-02-19T10:00:00+08:00", "previous_negative_at": "2020-02-20T10:00:00+08:00", "last_negative_at": "2020-02-23T10:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "more than three days apart", "at": "2020-02-24T10:00:00+08:00", "facts": {"contact_at": "2020-02-19T10:00:00+08:00", "previous_negative_at": "2020-02-20T09:59:59.999999+08:00", "last_negative_at": "2020-02-23T10:00:00+08:00"}, "expect": {"outcome": "yellow"}},
      {"name": "one sampled before the contact does not count", "at": "2020-02-22T10:00:00+08:00", "facts": {"contact_at": "2020-02-20T10:00:00+08:00", "previous_negative_at": "2020-02-20T10:00:00+08:00", "last_negative_at": "2020-02-21T11:00:00+08:00"}, "expect": {"outcome": "yellow"}},
      {"name": "a case", "at": "2020-02-20T10:00:00+08:00", "facts": {"first_positive_at": "2020-02-19T10:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["no_active_case"], "valid_until": "infinity"}},
      {"name": "discharged", "at": "2020-02-20T10:00:00+08:00", "facts": {"first_positive_at": "2020-02-01T10:00:00+08:00", "recovered_at": "2020-02-20T10:00:00+08:00"}, "expect": {"outcome": "green"}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2020_06_02",
  "valid_from": "2020-06-02T00:00:00+08:00",
  "valid_to": "2020-06-20T00:00:00+08:00",
  "source": "After Singapore's AccessCode at launch, 2 June 2020 (Ministry of Manpower, press release of 10 June 2020; ASPRI, 8 June 2020); parameters are those reported, not a legal text",
  "ruleset": {
    "name": "sg_access_2020_06_02",
    "kind": "access_code",
    "description": "Launch: approval, clearance of the place of stay, tested negative or recovered; grey without approval",
    "facts": [
      {"name": "approved_from", "type": "timestamptz", "null": "absent", "description": "from when the employers approval to work counts"},
      {"name": "approved_until", "type": "timestamptz", "null": "absent", "description": "until when; null: without an end"},
      {"name": "movement_until", "type": "timestamptz", "null": "absent", "description": "end of a quarantine order, stay-home notice or movement restriction"},
      {"name": "last_swab_result", "type": "text", "null": "unknown", "description": "result of the latest laboratory test"},
      {"name": "first_positive_at", "type": "timestamptz", "null": "absent", "description": "sampling of the first positive test of the latest episode"},
      {"name": "recovered_at", "type": "timestamptz", "null": "absent", "description": "discharge after the latest episode"},
      {"name": "in_dormitory", "type": "boolean", "null": "unknown", "description": "lives in a dormitory"},
      {"name": "dormitory_cleared_at", "type": "timestamptz", "null": "absent", "description": "when the whole dormitory was cleared"},
      {"name": "block_cleared_at", "type": "timestamptz", "null": "absent", "description": "when the workers block was cleared"},
      {"name": "address_conflict", "type": "boolean", "null": "unknown", "description": "employer, dormitory and check-in name different places"}
    ],
    "rules": [
      {"id": "approved", "group": "work", "assert": {"and": [{"present": {"var": "approved_from"}}, {"not-before": [{"now": []}, {"var": "approved_from"}]}, {"or": [{"!": {"present": {"var": "approved_until"}}}, {"before": [{"now": []}, {"var": "approved_until"}]}]}]}, "reason": {"en": "No approval to start work.", "zh": "尚未获准复工。"}, "action": {"en": "The employer asks the sector's agency for approval.", "zh": "请雇主向主管机构申请复工。"}},
      {"id": "no_active_case", "group": "health", "assert": {"or": [{"!": {"present": {"var": "first_positive_at"}}}, {"and": [{"present": {"var": "recovered_at"}}, {"not-before": [{"var": "recovered_at"}, {"var": "first_positive_at"}]}, {"not-before": [{"now": []}, {"var": "recovered_at"}]}]}]}, "reason": {"en": "COVID-19 and not discharged yet.", "zh": "确诊新冠肺炎，尚未出院。"}, "action": {"en": "Stay in isolation until discharge.", "zh": "请留在隔离设施，直到获准出院。"}},
      {"id": "no_order", "group": "health", "assert": {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, "reason": {"en": "Under a quarantine order, stay-home notice or movement restriction.", "zh": "正在履行隔离令、居家通知或行动限制令。"}, "action": {"en": "Stay where the order says until it ends.", "zh": "请留在指定地点，直到命令结束。"}},
      {"id": "tested_or_recovered", "group": "health", "assert": {"or": [{"and": [{"present": {"var": "recovered_at"}}, {"not-before": [{"now": []}, {"var": "recovered_at"}]}]}, {"===": [{"var": "last_swab_result"}, "negative"]}]}, "reason": {"en": "Not tested negative and not recovered.", "zh": "检测结果不是阴性，也未康复。"}, "action": {"en": "Wait for the result, or go to the test that is arranged.", "zh": "请等候结果，或按安排接受检测。"}},
      {"id": "place_cleared", "group": "residency", "when": {"var": "in_dormitory"}, "assert": {"or": [{"and": [{"present": {"var": "dormitory_cleared_at"}}, {"not-before": [{"now": []}, {"var": "dormitory_cleared_at"}]}]}, {"and": [{"present": {"var": "block_cleared_at"}}, {"not-before": [{"now": []}, {"var": "block_cleared_at"}]}]}]}, "reason": {"en": "The place of stay is not cleared.", "zh": "住宿地点尚未解除隔离。"}, "action": {"en": "Wait until the dormitory or the block is cleared.", "zh": "请等候宿舍或楼栋解除隔离。"}},
      {"id": "address_agrees", "group": "residency", "assert": {"!": {"var": "address_conflict"}}, "reason": {"en": "Employer, dormitory and check-in name different places of stay.", "zh": "雇主、宿舍与扫码记录的住址不一致。"}, "action": {"en": "The employer updates the address; scan the QR code of the room.", "zh": "请雇主更新住址，并扫描房间二维码。"}}
    ],
    "outcomes": [
      {"if": {"!": {"and": [{"group": "health"}, {"group": "residency"}]}}, "outcome": "red"},
      {"if": {"!": {"group": "work"}}, "outcome": "grey"},
      {"outcome": "green"}
    ],
    "tests": [
      {"name": "all is well", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false}, "expect": {"outcome": "green", "fail": [], "unknown": []}},
      {"name": "no approval is grey", "at": "2020-06-10T08:00:00+08:00", "facts": {"last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false}, "expect": {"outcome": "grey", "fail": ["approved"]}},
      {"name": "an approval counts from its instant", "at": "2020-05-31T23:59:59.999999+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-05-01T00:00:00+08:00", "address_conflict": false}, "expect": {"outcome": "grey", "valid_until": "2020-05-31T16:00:00Z"}},
      {"name": "at its end it is over", "at": "2020-06-10T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "approved_until": "2020-06-10T00:00:00+08:00"}, "expect": {"outcome": "grey", "fail": ["approved"]}},
      {"name": "an order's last microsecond", "at": "2020-06-09T23:59:59.999999+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "movement_until": "2020-06-10T00:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["no_order"], "valid_until": "2020-06-09T16:00:00Z"}},
      {"name": "an order that is over", "at": "2020-06-10T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "movement_until": "2020-06-10T00:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "an order without an end", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "movement_until": "infinity"}, "expect": {"outcome": "red", "valid_until": "infinity"}},
      {"name": "positive", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "positive", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "first_positive_at": "2020-06-08T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["no_active_case", "tested_or_recovered"]}},
      {"name": "recovered, whatever the last test said", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "positive", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "first_positive_at": "2020-05-08T09:00:00+08:00", "recovered_at": "2020-06-01T09:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "result not there", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false}, "expect": {"outcome": null, "unknown": ["tested_or_recovered"]}},
      {"name": "a block may be cleared before its dormitory", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "address_conflict": false, "block_cleared_at": "2020-06-09T00:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "neither", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "address_conflict": false}, "expect": {"outcome": "red", "fail": ["place_cleared"]}},
      {"name": "who lives elsewhere needs no clearance", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": false, "address_conflict": false}, "expect": {"outcome": "green"}},
      {"name": "records of the address differ", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": true}, "expect": {"outcome": "red", "fail": ["address_agrees"]}},
      {"name": "address not determined", "at": "2020-06-10T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00"}, "expect": {"outcome": null, "unknown": ["address_agrees"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2022_03_17",
  "valid_from": "2022-03-17T00:00:00+08:00",
  "valid_to": "2022-06-24T00:00:00+08:00",
  "source": "Vaccination and positive tests (Ministry of Manpower, advisory of 12 March 2022; routine testing: advisories of 18 February and 25 March 2022)",
  "ruleset": {
    "name": "sg_access_2022_03_17",
    "kind": "access_code",
    "description": "Red while positive until the recovery protocol is done, and for who is not fully vaccinated, recovered more than 180 days ago included; routine tests have stopped for the vaccinated",
    "params": {"cmp": ["construction", "marine", "process"], "vaccine_days": 14, "immune_days": 180},
    "facts": [
      {"name": "approved_from", "type": "timestamptz", "null": "absent", "description": "from when the employers approval to work counts"},
      {"name": "approved_until", "type": "timestamptz", "null": "absent", "description": "until when; null: without an end"},
      {"name": "movement_until", "type": "timestamptz", "null": "absent", "description": "end of a quarantine order, stay-home notice or movement restriction"},
      {"name": "first_positive_at", "type": "timestamptz", "null": "absent", "description": "sampling of the first positive test of the latest episode"},
      {"name": "recovered_at", "type": "timestamptz", "null": "absent", "description": "discharge after the latest episode"},
      {"name": "fully_vaccinated_at", "type": "timestamptz", "null": "absent", "description": "dose that completed the course"},
      {"name": "last_rapid_at", "type": "timestamptz", "null": "absent", "description": "latest antigen rapid test"},
      {"name": "last_rapid_result", "type": "text", "null": "absent", "description": "its result"},
      {"name": "in_dormitory", "type": "boolean", "null": "unknown", "description": "lives in a dormitory"},
      {"name": "dormitory_cleared_at", "type": "timestamptz", "null": "absent", "description": "when the whole dormitory was cleared"},
      {"name": "block_cleared_at", "type": "timestamptz", "null": "absent", "description": "when the workers block was cleared"},
      {"name": "address_conflict", "type": "boolean", "null": "unknown", "description": "employer, dormitory and check-in name different places"},
      {"name": "app_registered", "type": "boolean", "null": "unknown", "description": "TraceTogether is registered"},
      {"name": "sector", "type": "text", "null": "unknown", "description": "sector of the employer"}
    ],
    "rules": [
      {"id": "approved", "group": "work", "assert": {"and": [{"present": {"var": "approved_from"}}, {"not-before": [{"now": []}, {"var": "approved_from"}]}, {"or": [{"!": {"present": {"var": "approved_until"}}}, {"before": [{"now": []}, {"var": "approved_until"}]}]}]}, "reason": {"en": "No approval to start work.", "zh": "尚未获准复工。"}, "action": {"en": "The employer asks the sector's agency for approval.", "zh": "请雇主向主管机构申请复工。"}},
      {"id": "no_active_case", "group": "health", "assert": {"or": [{"!": {"present": {"var": "first_positive_at"}}}, {"and": [{"present": {"var": "recovered_at"}}, {"not-before": [{"var": "recovered_at"}, {"var": "first_positive_at"}]}, {"not-before": [{"now": []}, {"var": "recovered_at"}]}]}]}, "reason": {"en": "Tested positive, and the recovery protocol is not done.", "zh": "检测呈阳性，尚未完成康复程序。"}, "action": {"en": "Follow the recovery protocol until it is done.", "zh": "请按康复程序执行，直至完成。"}},
      {"id": "no_positive_rapid", "group": "health", "assert": {"or": [{"!": {"present": {"var": "last_rapid_result"}}}, {"!": {"===": [{"var": "last_rapid_result"}, "positive"]}}, {"and": [{"present": {"var": "last_rapid_at"}}, {"present": {"var": "recovered_at"}}, {"not-before": [{"var": "recovered_at"}, {"var": "last_rapid_at"}]}]}]}, "reason": {"en": "The last rapid test was positive.", "zh": "最近一次快速检测呈阳性。"}, "action": {"en": "Isolate and take a laboratory test.", "zh": "请自我隔离，并接受核酸检测。"}},
      {"id": "no_order", "group": "health", "assert": {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, "reason": {"en": "Under a quarantine order, stay-home notice or movement restriction.", "zh": "正在履行隔离令、居家通知或行动限制令。"}, "action": {"en": "Stay where the order says until it ends.", "zh": "请留在指定地点，直到命令结束。"}},
      {"id": "vaccinated", "group": "health", "assert": {"or": [{"and": [{"present": {"var": "fully_vaccinated_at"}}, {"after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "fully_vaccinated_at"}, "Asia/Singapore"]}, {"param": "vaccine_days"}, "day"]}]}]}, {"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}]}, "reason": {"en": "Not fully vaccinated, and no recovery within 180 days.", "zh": "未完成疫苗接种，且未在180天内康复。"}, "action": {"en": "Book a vaccination.", "zh": "请预约接种疫苗。"}},
      {"id": "place_cleared", "group": "residency", "when": {"var": "in_dormitory"}, "assert": {"or": [{"and": [{"present": {"var": "dormitory_cleared_at"}}, {"not-before": [{"now": []}, {"var": "dormitory_cleared_at"}]}]}, {"and": [{"present": {"var": "block_cleared_at"}}, {"not-before": [{"now": []}, {"var": "block_cleared_at"}]}]}]}, "reason": {"en": "The place of stay is not cleared.", "zh": "住宿地点尚未解除隔离。"}, "action": {"en": "Wait until the dormitory or the block is cleared.", "zh": "请等候宿舍或楼栋解除隔离。"}},
      {"id": "address_agrees", "group": "residency", "assert": {"!": {"var": "address_conflict"}}, "reason": {"en": "Employer, dormitory and check-in name different places of stay.", "zh": "雇主、宿舍与扫码记录的住址不一致。"}, "action": {"en": "The employer updates the address; scan the QR code of the room.", "zh": "请雇主更新住址，并扫描房间二维码。"}},
      {"id": "app_registered", "when": {"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, "assert": {"var": "app_registered"}, "reason": {"en": "TraceTogether is not registered.", "zh": "尚未注册合力追踪（TraceTogether）。"}, "action": {"en": "Register the app with the number of the work pass.", "zh": "请用工作准证号码注册应用程序。"}}
    ],
    "outcomes": [
      {"if": {"!": {"severity": "block"}}, "outcome": "red"},
      {"outcome": "green"}
    ],
    "tests": [
      {"name": "vaccinated", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": [], "unknown": []}},
      {"name": "not vaccinated", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true}, "expect": {"outcome": "red", "fail": ["vaccinated"]}},
      {"name": "14 days after the day of the dose", "at": "2022-03-17T23:59:59.999999+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2022-03-03T00:00:00+08:00"}, "expect": {"outcome": "red", "valid_until": "2022-03-17T16:00:00Z"}},
      {"name": "14 days have elapsed after it", "at": "2022-03-18T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2022-03-03T23:59:59+08:00"}, "expect": {"outcome": "green"}},
      {"name": "recovered, until and including the 180th day", "at": "2022-03-20T23:59:59.999999+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "first_positive_at": "2021-09-21T12:00:00+08:00", "recovered_at": "2021-10-05T12:00:00+08:00"}, "expect": {"outcome": "green", "valid_until": "2022-03-20T16:00:00Z"}},
      {"name": "recovered, the 181st day", "at": "2022-03-21T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "first_positive_at": "2021-09-21T12:00:00+08:00", "recovered_at": "2021-10-05T12:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["vaccinated"]}},
      {"name": "positive, protocol not done", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "first_positive_at": "2022-03-15T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["no_active_case"]}},
      {"name": "protocol done at this instant", "at": "2022-03-22T09:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "first_positive_at": "2022-03-15T09:00:00+08:00", "recovered_at": "2022-03-22T09:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "a microsecond before", "at": "2022-03-22T08:59:59.999999+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "first_positive_at": "2022-03-15T09:00:00+08:00", "recovered_at": "2022-03-22T09:00:00+08:00"}, "expect": {"outcome": "red", "valid_until": "2022-03-22T01:00:00Z"}},
      {"name": "positive again after recovery", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "first_positive_at": "2022-03-15T09:00:00+08:00", "recovered_at": "2021-10-05T12:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["no_active_case"]}},
      {"name": "no approval", "at": "2022-03-17T00:00:00+08:00", "facts": {"in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["approved"]}},
      {"name": "under an order until its end", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "movement_until": "2022-03-17T00:00:00.000001+08:00"}, "expect": {"outcome": "red", "fail": ["no_order"], "valid_until": "2022-03-16T16:00:00.000001Z"}},
      {"name": "dormitory and block not cleared", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["place_cleared"]}},
      {"name": "records of the address differ", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": true, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["address_agrees"]}},
      {"name": "not registered", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": false, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["app_registered"]}},
      {"name": "a positive rapid test", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "last_rapid_at": "2022-03-16T09:00:00+08:00", "last_rapid_result": "positive"}, "expect": {"outcome": "red", "fail": ["no_positive_rapid"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "dhs_household_water_basic",
  "valid_from": null,
  "valid_to": null,
  "source": "DHS Program: indicator code of chapter 2, in which a time of collection that is not known counts as more than 30 minutes",
  "base": "jmp2017_household_water_basic",
  "changes": {
    "name": "dhs_household_water_basic",
    "description": "As JMP, but a round trip that is not known counts as too long",
    "rules": [
      {"id": "round_trip", "on_unknown": "fail"}
    ],
    "tests": [
      {"name": "unknown counts as limited", "facts": {"source": "borehole", "on_premises": false}, "expect": {"outcome": "limited", "fail": ["round_trip"]}},
      {"name": "exactly 30 minutes is basic", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 30}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "31 minutes is limited", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 31}, "expect": {"outcome": "limited", "fail": ["round_trip"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "example_hcf_water",
  "valid_from": "2022-01-01",
  "valid_to": null,
  "source": "Made up: how a country's standard differs from JMP's, for which JMP leaves \"advanced\" to the country",
  "base": "jmp2018_hcf_water",
  "changes": {
    "name": "example_hcf_water",
    "description": "As JMP 2018, but tankers are no improved source, basic asks for piped water, and advanced is defined: uninterrupted, tested and stored for two days",
    "facts": [
      {"name": "uninterrupted", "type": "boolean", "null": "unknown", "description": "no interruption of more than two hours in the last two weeks"},
      {"name": "tested", "type": "boolean", "null": "unknown", "description": "a sample of the last three months met the national standard"},
      {"name": "storage_hours", "type": "integer", "null": "unknown", "description": "hours of normal use that stored water lasts"}
    ],
    "params": {
      "improved": ["piped_inside", "piped_outside", "borehole", "protected_well", "protected_spring", "rainwater"],
      "not_improved": ["tanker", "unprotected_well", "unprotected_spring", "surface", "none"],
      "min_storage_hours": 48
    },
    "rules": [
      {"id": "on_premises", "group": "basic", "assert": {"and": [{"in": [{"var": "main_source"}, ["piped_inside", "piped_outside"]]}, {"or": [{"===": [{"var": "main_source"}, "piped_inside"]}, {"===": [{"var": "location"}, "on_premises"]}]}]},
       "reason": {"en": "Water is not piped to the premises.", "fr": "L'eau n'est pas amenée sur place par conduite."},
       "action": {"en": "Pipe water to the premises.", "fr": "Amener l'eau sur place par conduite."}},
      {"id": "uninterrupted", "group": "advanced", "assert": {"var": "uninterrupted"},
       "reason": {"en": "The supply was interrupted.", "fr": "L'approvisionnement a été interrompu."},
       "action": {"en": "Mend interruptions of the supply.", "fr": "Remédier aux interruptions."}},
      {"id": "tested", "group": "advanced", "assert": {"var": "tested"},
       "reason": {"en": "The water was not tested or did not meet the standard.", "fr": "L'eau n'a pas été analysée ou n'est pas conforme."},
       "action": {"en": "Have the water tested and treated.", "fr": "Faire analyser et traiter l'eau."}},
      {"id": "stored", "group": "advanced", "assert": {">=": [{"var": "storage_hours"}, {"param": "min_storage_hours"}]},
       "reason": {"en": "Stored water lasts less than two days.", "fr": "La réserve dure moins de deux jours."},
       "action": {"en": "Add storage.", "fr": "Augmenter la réserve."}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "limited"}}, "outcome": "no_service"},
      {"if": {"!": {"group": "basic"}}, "outcome": "limited"},
      {"if": {"!": {"group": "advanced"}}, "outcome": "basic"},
      {"outcome": "advanced"}
    ],
    "tests": [
      {"name": "basic in the country and more", "facts": {"main_source": "piped_inside", "available_today": true, "uninterrupted": true, "tested": true, "storage_hours": 48}, "expect": {"outcome": "advanced", "fail": [], "unknown": ["location_listed"]}},
      {"name": "47 hours of storage", "facts": {"main_source": "piped_inside", "available_today": true, "uninterrupted": true, "tested": true, "storage_hours": 47}, "expect": {"outcome": "basic", "fail": ["stored"]}},
      {"name": "basic for JMP, limited in the country", "facts": {"main_source": "borehole", "location": "on_premises", "available_today": true}, "expect": {"outcome": "limited", "fail": ["on_premises"]}},
      {"name": "a tanker is no service", "facts": {"main_source": "tanker", "location": "on_premises", "available_today": true}, "expect": {"outcome": "no_service"}},
      {"name": "advanced not asked", "facts": {"main_source": "piped_inside", "available_today": true}, "expect": {"outcome": null, "fail": [], "unknown": ["location_listed", "uninterrupted", "tested", "stored"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "under30_household_water_basic",
  "valid_from": null,
  "valid_to": null,
  "source": "IMPACT Initiatives: humind package for multi-sector needs assessments, in which 30 minutes are limited",
  "base": "jmp2017_household_water_basic",
  "changes": {
    "name": "under30_household_water_basic",
    "description": "As JMP, but the round trip must take less than 30 minutes",
    "params": {
      "max_minutes": 29
    },
    "rules": [

    ],
    "tests": [
      {"name": "exactly 30 minutes is limited", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 30}, "expect": {"outcome": "limited", "fail": ["round_trip"]}},
      {"name": "29 minutes is basic", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 29}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "unknown is not zero", "facts": {"source": "borehole", "on_premises": false}, "expect": {"outcome": null, "fail": [], "unknown": ["round_trip", "minutes_valid"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "wsup_household_water_basic",
  "valid_from": null,
  "valid_to": null,
  "source": "WSUP: urban household survey indicators, in which a time of collection that is missing counts as 0 minutes",
  "base": "jmp2017_household_water_basic",
  "changes": {
    "name": "wsup_household_water_basic",
    "description": "As JMP, but a round trip that is not known counts as short",
    "rules": [
      {"id": "round_trip", "on_unknown": "pass"}
    ],
    "tests": [
      {"name": "unknown counts as basic", "facts": {"source": "borehole", "on_premises": false}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "exactly 30 minutes is basic", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 30}, "expect": {"outcome": "basic", "fail": []}},
      {"name": "31 minutes is limited", "facts": {"source": "borehole", "on_premises": false, "round_trip_minutes": 31}, "expect": {"outcome": "limited", "fail": ["round_trip"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "example_access",
  "valid_from": "2022-03-17T00:00:00+08:00",
  "valid_to": null,
  "source": "Made up: how a policy treats feeds that fall silent",
  "base": "sg_access_2022_03_17",
  "changes": {
    "name": "example_access",
    "description": "As Singapore's of 17 March 2022, and grey while a feed is older than 36 hours: neither green nor red in silence",
    "params": {"feed_hours": 36},
    "facts": [
      {"name": "work_feed_at", "type": "timestamptz", "null": "unknown", "description": "latest feed on work"},
      {"name": "residency_feed_at", "type": "timestamptz", "null": "unknown", "description": "latest feed on residency"},
      {"name": "health_feed_at", "type": "timestamptz", "null": "unknown", "description": "latest feed on health"}
    ],
    "rules": [
      {"id": "work_feed", "group": "feed", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "work_feed_at"}, {"param": "feed_hours"}, "hour"]}]}, "reason": {"en": "Records on work are late.", "zh": "复工资料更新延误。"}},
      {"id": "residency_feed", "group": "feed", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "residency_feed_at"}, {"param": "feed_hours"}, "hour"]}]}, "reason": {"en": "Records on residency are late.", "zh": "住宿资料更新延误。"}},
      {"id": "health_feed", "group": "feed", "assert": {"before": [{"now": []}, {"plusTime": [{"var": "health_feed_at"}, {"param": "feed_hours"}, "hour"]}]}, "reason": {"en": "Records on health are late.", "zh": "健康资料更新延误。"}}
    ],
    "outcomes": [
      {"if": {"!": {"group": "feed"}}, "outcome": "grey"},
      {"if": {"!": {"severity": "block"}}, "outcome": "red"},
      {"outcome": "green"}
    ],
    "tests": [
      {"name": "feeds are heard", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "work_feed_at": "2022-03-16T18:00:00+08:00", "residency_feed_at": "2022-03-16T18:00:00+08:00", "health_feed_at": "2022-03-16T18:00:00+08:00"}, "expect": {"outcome": "green", "valid_until": "2022-03-17T22:00:00Z"}},
      {"name": "one is silent for 36 hours", "at": "2022-03-18T06:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "work_feed_at": "2022-03-18T00:00:00+08:00", "residency_feed_at": "2022-03-18T00:00:00+08:00", "health_feed_at": "2022-03-16T18:00:00+08:00"}, "expect": {"outcome": "grey", "fail": ["health_feed"]}},
      {"name": "records on work are late", "at": "2022-03-18T06:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "work_feed_at": "2022-03-16T18:00:00+08:00", "residency_feed_at": "2022-03-18T00:00:00+08:00", "health_feed_at": "2022-03-18T00:00:00+08:00"}, "expect": {"outcome": "grey", "fail": ["work_feed"]}},
      {"name": "records on residency are late", "at": "2022-03-18T06:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "work_feed_at": "2022-03-18T00:00:00+08:00", "residency_feed_at": "2022-03-16T18:00:00+08:00", "health_feed_at": "2022-03-18T00:00:00+08:00"}, "expect": {"outcome": "grey", "fail": ["residency_feed"]}},
      {"name": "it makes nobody red or green", "at": "2022-03-18T06:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "work_feed_at": "2022-03-16T18:00:00+08:00", "residency_feed_at": "2022-03-16T18:00:00+08:00", "health_feed_at": "2022-03-16T18:00:00+08:00"}, "expect": {"outcome": "grey"}},
      {"name": "a feed that was never heard", "at": "2022-03-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "in_dormitory": true, "dormitory_cleared_at": "2021-01-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "work_feed_at": "2022-03-16T18:00:00+08:00", "residency_feed_at": "2022-03-16T18:00:00+08:00"}, "expect": {"outcome": null, "unknown": ["health_feed"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2020_06_20",
  "valid_from": "2020-06-20T00:00:00+08:00",
  "valid_to": "2020-07-12T00:00:00+08:00",
  "source": "As before, and TraceTogether (The Straits Times, 17 June 2020; ASPRI, 17 June 2020)",
  "base": "sg_access_2020_06_02",
  "changes": {
    "name": "sg_access_2020_06_20",
    "description": "TraceTogether becomes a criterion for dormitory residents and for construction, marine and process",
    "params": {"cmp": ["construction", "marine", "process"]},
    "facts": [
      {"name": "app_registered", "type": "boolean", "null": "unknown", "description": "TraceTogether is registered"},
      {"name": "sector", "type": "text", "null": "unknown", "description": "sector of the employer"}
    ],
    "rules": [
      {"id": "app_registered", "when": {"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, "assert": {"var": "app_registered"}, "reason": {"en": "TraceTogether is not registered.", "zh": "尚未注册合力追踪（TraceTogether）。"}, "action": {"en": "Register the app with the number of the work pass.", "zh": "请用工作准证号码注册应用程序。"}}
    ],
    "outcomes": [
      {"if": {"!": {"and": [{"group": "health"}, {"group": "residency"}, {"rule": "app_registered"}]}}, "outcome": "red"},
      {"if": {"!": {"group": "work"}}, "outcome": "grey"},
      {"outcome": "green"}
    ],
    "tests": [
      {"name": "all is well", "at": "2020-06-21T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true}, "expect": {"outcome": "green"}},
      {"name": "not registered", "at": "2020-06-21T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": false}, "expect": {"outcome": "red", "fail": ["app_registered"]}},
      {"name": "other sectors outside dormitories need not", "at": "2020-06-21T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": false, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "services", "app_registered": false}, "expect": {"outcome": "green"}},
      {"name": "in a dormitory every sector must", "at": "2020-06-21T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "services", "app_registered": false}, "expect": {"outcome": "red"}},
      {"name": "registration not known", "at": "2020-06-21T08:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction"}, "expect": {"outcome": null, "unknown": ["app_registered"]}},
      {"name": "no approval is grey still", "at": "2020-06-21T08:00:00+08:00", "facts": {"last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true}, "expect": {"outcome": "grey"}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2020_07_12",
  "valid_from": "2020-07-12T00:00:00+08:00",
  "valid_to": "2020-08-01T00:00:00+08:00",
  "source": "Grey is removed (Ministry of Manpower, press release of 7 July 2020)",
  "base": "sg_access_2020_06_20",
  "changes": {
    "name": "sg_access_2020_07_12",
    "description": "No approval is red, and the reasons are shown",
    "outcomes": [
      {"if": {"!": {"severity": "block"}}, "outcome": "red"},
      {"outcome": "green"}
    ],
    "tests": [
      {"name": "all is well", "at": "2020-07-12T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true}, "expect": {"outcome": "green"}},
      {"name": "no approval is red", "at": "2020-07-12T00:00:00+08:00", "facts": {"last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true}, "expect": {"outcome": "red", "fail": ["approved"]}},
      {"name": "an approval that ends at this instant", "at": "2020-07-12T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "approved_until": "2020-07-12T00:00:00+08:00"}, "expect": {"outcome": "red"}},
      {"name": "what is not known is still not decided", "at": "2020-07-12T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "sector": "construction", "app_registered": true}, "expect": {"outcome": null}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2020_08_01",
  "valid_from": "2020-08-01T00:00:00+08:00",
  "valid_to": "2020-11-04T00:00:00+08:00",
  "source": "Rostered routine testing every 14 days, enforced after 5 September 2020 (Ministry of Manpower, press release of 9 July 2020; reports of September 2020)",
  "base": "sg_access_2020_07_12",
  "changes": {
    "name": "sg_access_2020_08_01",
    "description": "Routine test every 14 days for dormitories and for construction, marine and process; not under orders or on medical leave; recovered for less than 180 days exempt; red from 6 September 2020",
    "params": {"cycle_days": 14, "immune_days": 180, "warn_days": 3, "enforced_from": "2020-09-06T00:00:00+08:00"},
    "facts": [
      {"name": "last_swab_at", "type": "timestamptz", "null": "unknown", "description": "sampling of the latest laboratory test"},
      {"name": "medical_leave_until", "type": "timestamptz", "null": "absent", "description": "end of medical leave"}
    ],
    "rules": [
      {"id": "routine_test", "group": "health", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"before": [{"now": []}, {"param": "enforced_from"}]}, {"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"before": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "cycle_days"}, "day"]}]}]}, "reason": {"en": "The routine test is overdue.", "zh": "例行检测已逾期。"}, "action": {"en": "Go to the next routine test; the code returns after the swab.", "zh": "请尽快接受例行检测，检测后恢复。"}},
      {"id": "routine_test_due", "group": "health", "severity": "warn", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"before": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"not-after": [{"plusTime": [{"day": [{"now": []}, "Asia/Singapore"]}, {"param": "warn_days"}, "day"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "cycle_days"}, "day"]}]}]}, "reason": {"en": "The routine test is due within days.", "zh": "例行检测即将到期。"}, "action": {"en": "Book the next routine test.", "zh": "请预约下次例行检测。"}},
      {"id": "result_known", "group": "health", "severity": "warn", "on_unknown": "pass", "assert": {"!": {"===": [{"var": "last_swab_result"}, "pending"]}}, "reason": {"en": "The result of the last test is pending.", "zh": "最近一次检测结果待定。"}}
    ],
    "tests": [
      {"name": "within the cycle", "at": "2020-09-03T12:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-08-20T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": ["routine_test_due"]}},
      {"name": "four days left", "at": "2020-08-30T23:59:59.999999+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-08-20T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": []}},
      {"name": "overdue before the deadline", "at": "2020-09-05T23:59:59.999999+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-08-01T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": ["routine_test_due"], "valid_until": "2020-09-05T16:00:00Z"}},
      {"name": "overdue at the deadline", "at": "2020-09-06T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-08-01T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["routine_test", "routine_test_due"]}},
      {"name": "the 14th day counts", "at": "2020-09-08T23:59:59.999999+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-08-25T00:00:00+08:00"}, "expect": {"outcome": "green", "valid_until": "2020-09-08T16:00:00Z"}},
      {"name": "the 15th does not", "at": "2020-09-09T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-08-25T23:59:59+08:00"}, "expect": {"outcome": "red", "fail": ["routine_test", "routine_test_due"]}},
      {"name": "under an order no routine test is due", "at": "2020-09-09T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "movement_until": "2020-09-10T00:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["no_order"], "unknown": []}},
      {"name": "on medical leave neither", "at": "2020-09-09T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "medical_leave_until": "2020-09-10T00:00:00+08:00"}, "expect": {"outcome": "green", "unknown": []}},
      {"name": "no record of a swab", "at": "2020-09-09T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true}, "expect": {"outcome": null, "unknown": ["routine_test", "routine_test_due"]}},
      {"name": "179 days after the positive test", "at": "2020-09-27T23:59:59.999999+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "first_positive_at": "2020-04-01T09:00:00+08:00", "recovered_at": "2020-05-01T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": [], "unknown": [], "valid_until": "2020-09-27T16:00:00Z"}},
      {"name": "180 days after", "at": "2020-09-28T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "first_positive_at": "2020-04-01T09:00:00+08:00", "recovered_at": "2020-05-01T09:00:00+08:00"}, "expect": {"outcome": null, "unknown": ["routine_test", "routine_test_due"]}},
      {"name": "a pending result only warns", "at": "2020-09-03T12:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "pending", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-08-20T09:00:00+08:00", "recovered_at": "2020-01-01T00:00:00+08:00"}, "expect": {"outcome": "green", "fail": ["routine_test_due", "result_known"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2020_11_04",
  "valid_from": "2020-11-04T00:00:00+08:00",
  "valid_to": "2021-04-29T00:00:00+08:00",
  "source": "All recovered workers are exempt from routine testing (Ministry of Health and Ministry of Manpower, November 2020)",
  "base": "sg_access_2020_08_01",
  "changes": {
    "name": "sg_access_2020_11_04",
    "description": "Recovered workers are exempt from routine testing without a limit",
    "rules": [
      {"id": "routine_test", "group": "health", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"present": {"var": "recovered_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "cycle_days"}, "day"]}]}]}, "reason": {"en": "The routine test is overdue.", "zh": "例行检测已逾期。"}, "action": {"en": "Go to the next routine test; the code returns after the swab.", "zh": "请尽快接受例行检测，检测后恢复。"}},
      {"id": "routine_test_due", "group": "health", "severity": "warn", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"present": {"var": "recovered_at"}}, {"not-after": [{"plusTime": [{"day": [{"now": []}, "Asia/Singapore"]}, {"param": "warn_days"}, "day"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "cycle_days"}, "day"]}]}]}, "reason": {"en": "The routine test is due within days.", "zh": "例行检测即将到期。"}, "action": {"en": "Book the next routine test.", "zh": "请预约下次例行检测。"}}
    ],
    "tests": [
      {"name": "recovered long ago", "at": "2020-11-04T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "first_positive_at": "2020-04-01T09:00:00+08:00", "recovered_at": "2020-05-01T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": [], "unknown": []}},
      {"name": "not recovered, overdue", "at": "2020-11-04T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-10-20T23:59:59+08:00"}, "expect": {"outcome": "red", "fail": ["routine_test", "routine_test_due"]}},
      {"name": "not recovered, on the 14th day", "at": "2020-11-04T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-10-21T00:00:00+08:00"}, "expect": {"outcome": "green", "fail": ["routine_test_due"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2021_04_29",
  "valid_from": "2021-04-29T00:00:00+08:00",
  "valid_to": "2021-09-13T00:00:00+08:00",
  "source": "Workers who recovered more than 270 days ago return to routine testing (reports of 22 April 2021); the day count is that of S 273/2021, reg. 6: to and including the 270th day after the date of the first positive test",
  "base": "sg_access_2020_11_04",
  "changes": {
    "name": "sg_access_2021_04_29",
    "description": "Recovered workers are exempt until and including the 270th day",
    "params": {"immune_days": 270},
    "rules": [
      {"id": "routine_test", "group": "health", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "cycle_days"}, "day"]}]}]}, "reason": {"en": "The routine test is overdue.", "zh": "例行检测已逾期。"}, "action": {"en": "Go to the next routine test; the code returns after the swab.", "zh": "请尽快接受例行检测，检测后恢复。"}},
      {"id": "routine_test_due", "group": "health", "severity": "warn", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"not-after": [{"plusTime": [{"day": [{"now": []}, "Asia/Singapore"]}, {"param": "warn_days"}, "day"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "cycle_days"}, "day"]}]}]}, "reason": {"en": "The routine test is due within days.", "zh": "例行检测即将到期。"}, "action": {"en": "Book the next routine test.", "zh": "请预约下次例行检测。"}}
    ],
    "tests": [
      {"name": "until and including the 270th day", "at": "2021-05-07T23:59:59.999999+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-09-01T09:00:00+08:00", "first_positive_at": "2020-08-10T23:00:00+08:00", "recovered_at": "2020-09-01T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": [], "valid_until": "2021-05-07T16:00:00Z"}},
      {"name": "the 271st day", "at": "2021-05-08T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-09-01T09:00:00+08:00", "first_positive_at": "2020-08-10T23:00:00+08:00", "recovered_at": "2020-09-01T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["routine_test", "routine_test_due"]}},
      {"name": "the hour of the positive test does not matter", "at": "2021-05-07T23:59:59.999999+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-09-01T09:00:00+08:00", "first_positive_at": "2020-08-10T00:00:00+08:00", "recovered_at": "2020-09-01T09:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "a new test counts after that", "at": "2021-05-08T00:00:00+08:00", "facts": {"approved_from": "2020-06-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-05-01T10:00:00+08:00", "first_positive_at": "2020-08-10T23:00:00+08:00", "recovered_at": "2020-09-01T09:00:00+08:00"}, "expect": {"outcome": "green"}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2021_09_13",
  "valid_from": "2021-09-13T00:00:00+08:00",
  "valid_to": "2021-11-30T00:00:00+08:00",
  "source": "Antigen rapid tests between routine tests, by vaccination (Ministry of Manpower, advisory of 9 September 2021); vaccinated: 14 days elapsed after the day of the last dose, and no record counts as not vaccinated (S 273/2021; S 992/2021)",
  "base": "sg_access_2021_04_29",
  "changes": {
    "name": "sg_access_2021_09_13",
    "description": "Between routine tests a supervised rapid test is mandatory: vaccinated one in a cycle (every 7 days), others three (every 4 days); who is not on record as vaccinated counts as unvaccinated",
    "params": {"vaccine_days": 14, "vaccinated_gap": 7, "unvaccinated_gap": 4},
    "facts": [
      {"name": "fully_vaccinated_at", "type": "timestamptz", "null": "absent", "description": "dose that completed the course"},
      {"name": "last_rapid_at", "type": "timestamptz", "null": "absent", "description": "latest antigen rapid test"},
      {"name": "last_rapid_verified", "type": "boolean", "null": "absent", "description": "it was supervised"}
    ],
    "rules": [
      {"id": "test_between", "group": "health", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"and": [{"and": [{"present": {"var": "fully_vaccinated_at"}}, {"after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "fully_vaccinated_at"}, "Asia/Singapore"]}, {"param": "vaccine_days"}, "day"]}]}]}, {"or": [{"and": [{"present": {"var": "last_rapid_at"}}, {"present": {"var": "last_rapid_verified"}}, {"var": "last_rapid_verified"}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_rapid_at"}, "Asia/Singapore"]}, {"param": "vaccinated_gap"}, "day"]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "vaccinated_gap"}, "day"]}]}]}]}, {"or": [{"and": [{"present": {"var": "last_rapid_at"}}, {"present": {"var": "last_rapid_verified"}}, {"var": "last_rapid_verified"}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_rapid_at"}, "Asia/Singapore"]}, {"param": "unvaccinated_gap"}, "day"]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "unvaccinated_gap"}, "day"]}]}]}]}, "reason": {"en": "The rapid test between routine tests is missing.", "zh": "两次例行检测之间的快速检测未完成。"}, "action": {"en": "Take a supervised rapid test.", "zh": "请在监督下完成抗原快速检测。"}}
    ],
    "tests": [
      {"name": "14 days have not elapsed after the day of the dose", "at": "2021-09-14T23:59:59.999999+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-09-10T09:00:00+08:00", "fully_vaccinated_at": "2021-08-31T15:00:00+08:00"}, "expect": {"outcome": "green", "valid_until": "2021-09-14T16:00:00Z"}},
      {"name": "day 14: still unvaccinated", "at": "2021-09-14T23:59:59.999999+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-09-09T09:00:00+08:00", "fully_vaccinated_at": "2021-08-31T15:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["test_between"], "valid_until": "2021-09-14T16:00:00Z"}},
      {"name": "14 days elapsed after the day", "at": "2021-09-15T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-09-09T09:00:00+08:00", "fully_vaccinated_at": "2021-08-31T15:00:00+08:00"}, "expect": {"outcome": "green", "fail": []}},
      {"name": "vaccinated, 7th day", "at": "2021-09-20T23:59:59.999999+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-09-13T09:00:00+08:00", "fully_vaccinated_at": "2021-08-31T15:00:00+08:00"}, "expect": {"outcome": "green", "valid_until": "2021-09-20T16:00:00Z"}},
      {"name": "vaccinated, 8th day", "at": "2021-09-21T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-09-13T09:00:00+08:00", "fully_vaccinated_at": "2021-08-31T15:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["test_between"]}},
      {"name": "a supervised rapid test counts", "at": "2021-09-21T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-09-13T09:00:00+08:00", "last_rapid_at": "2021-09-20T08:00:00+08:00", "last_rapid_verified": true, "fully_vaccinated_at": "2021-08-31T15:00:00+08:00"}, "expect": {"outcome": "green"}},
      {"name": "one that is only uploaded does not", "at": "2021-09-21T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-09-13T09:00:00+08:00", "last_rapid_at": "2021-09-20T08:00:00+08:00", "last_rapid_verified": false, "fully_vaccinated_at": "2021-08-31T15:00:00+08:00"}, "expect": {"outcome": "red"}},
      {"name": "no record of vaccination is unvaccinated", "at": "2021-09-18T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-09-13T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["test_between"]}},
      {"name": "recovered within 270 days: neither test", "at": "2021-09-18T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-02-01T09:00:00+08:00", "first_positive_at": "2021-01-10T09:00:00+08:00", "recovered_at": "2021-02-01T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": []}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2021_11_30",
  "valid_from": "2021-11-30T00:00:00+08:00",
  "valid_to": "2022-01-17T00:00:00+08:00",
  "source": "Testing table of the advisory of 30 November 2021 (Ministry of Manpower), on the day before which a relaxation planned for 1 December was withdrawn",
  "base": "sg_access_2021_09_13",
  "changes": {
    "name": "sg_access_2021_11_30",
    "description": "Vaccinated: a rapid test every 7 days, which they may upload themselves; others every 3 days, supervised",
    "params": {"vaccinated_gap": 7, "unvaccinated_gap": 3},
    "facts": [
      {"name": "last_rapid_result", "type": "text", "null": "absent", "description": "its result"}
    ],
    "rules": [
      {"id": "test_between", "group": "health", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"and": [{"and": [{"present": {"var": "fully_vaccinated_at"}}, {"after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "fully_vaccinated_at"}, "Asia/Singapore"]}, {"param": "vaccine_days"}, "day"]}]}]}, {"or": [{"and": [{"present": {"var": "last_rapid_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_rapid_at"}, "Asia/Singapore"]}, {"param": "vaccinated_gap"}, "day"]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "vaccinated_gap"}, "day"]}]}]}]}, {"or": [{"and": [{"present": {"var": "last_rapid_at"}}, {"present": {"var": "last_rapid_verified"}}, {"var": "last_rapid_verified"}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_rapid_at"}, "Asia/Singapore"]}, {"param": "unvaccinated_gap"}, "day"]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "unvaccinated_gap"}, "day"]}]}]}]}, "reason": {"en": "The rapid test between routine tests is missing.", "zh": "两次例行检测之间的快速检测未完成。"}, "action": {"en": "Take a rapid test; who is not vaccinated takes it supervised.", "zh": "请完成抗原快速检测；未接种者须在监督下检测。"}},
      {"id": "no_positive_rapid", "group": "health", "assert": {"or": [{"!": {"present": {"var": "last_rapid_result"}}}, {"!": {"===": [{"var": "last_rapid_result"}, "positive"]}}, {"and": [{"present": {"var": "last_rapid_at"}}, {"present": {"var": "recovered_at"}}, {"not-before": [{"var": "recovered_at"}, {"var": "last_rapid_at"}]}]}]}, "reason": {"en": "The last rapid test was positive.", "zh": "最近一次快速检测呈阳性。"}, "action": {"en": "Isolate and take a laboratory test.", "zh": "请自我隔离，并接受核酸检测。"}}
    ],
    "tests": [
      {"name": "vaccinated, an uploaded test counts", "at": "2021-12-05T08:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-11-25T09:00:00+08:00", "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "last_rapid_at": "2021-12-03T08:00:00+08:00", "last_rapid_result": "negative", "last_rapid_verified": false}, "expect": {"outcome": "green"}},
      {"name": "not vaccinated, it does not", "at": "2021-12-05T08:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-11-25T09:00:00+08:00", "last_rapid_at": "2021-12-03T08:00:00+08:00", "last_rapid_result": "negative", "last_rapid_verified": false}, "expect": {"outcome": "red", "fail": ["test_between"]}},
      {"name": "not vaccinated, 3rd day", "at": "2021-12-06T23:59:59.999999+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-11-25T09:00:00+08:00", "last_rapid_at": "2021-12-03T08:00:00+08:00", "last_rapid_result": "negative", "last_rapid_verified": true}, "expect": {"outcome": "green", "valid_until": "2021-12-06T16:00:00Z"}},
      {"name": "not vaccinated, 4th day", "at": "2021-12-07T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-11-25T09:00:00+08:00", "last_rapid_at": "2021-12-03T08:00:00+08:00", "last_rapid_result": "negative", "last_rapid_verified": true}, "expect": {"outcome": "red"}},
      {"name": "a positive rapid test", "at": "2021-12-05T08:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2021-11-25T09:00:00+08:00", "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "last_rapid_at": "2021-12-03T08:00:00+08:00", "last_rapid_result": "positive", "last_rapid_verified": false}, "expect": {"outcome": "red", "fail": ["no_positive_rapid"]}}
    ]
  }
}
$json$);
CALL centre.add_ruleset($json${
  "code": "sg_access_2022_01_17",
  "valid_from": "2022-01-17T00:00:00+08:00",
  "valid_to": "2022-03-17T00:00:00+08:00",
  "source": "Fully vaccinated recovered workers are exempt from routine testing (ASPRI, 18 January 2022)",
  "base": "sg_access_2021_11_30",
  "changes": {
    "name": "sg_access_2022_01_17",
    "description": "Recovered and fully vaccinated: exempt without a limit",
    "rules": [
      {"id": "routine_test", "group": "health", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"or": [{"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"and": [{"present": {"var": "recovered_at"}}, {"and": [{"present": {"var": "fully_vaccinated_at"}}, {"after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "fully_vaccinated_at"}, "Asia/Singapore"]}, {"param": "vaccine_days"}, "day"]}]}]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "cycle_days"}, "day"]}]}]}, "reason": {"en": "The routine test is overdue.", "zh": "例行检测已逾期。"}, "action": {"en": "Go to the next routine test; the code returns after the swab.", "zh": "请尽快接受例行检测，检测后恢复。"}},
      {"id": "routine_test_due", "group": "health", "severity": "warn", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"or": [{"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"and": [{"present": {"var": "recovered_at"}}, {"and": [{"present": {"var": "fully_vaccinated_at"}}, {"after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "fully_vaccinated_at"}, "Asia/Singapore"]}, {"param": "vaccine_days"}, "day"]}]}]}]}]}, {"not-after": [{"plusTime": [{"day": [{"now": []}, "Asia/Singapore"]}, {"param": "warn_days"}, "day"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "cycle_days"}, "day"]}]}]}, "reason": {"en": "The routine test is due within days.", "zh": "例行检测即将到期。"}, "action": {"en": "Book the next routine test.", "zh": "请预约下次例行检测。"}},
      {"id": "test_between", "group": "health", "when": {"and": [{"or": [{"var": "in_dormitory"}, {"in": [{"var": "sector"}, {"param": "cmp"}]}]}, {"or": [{"!": {"present": {"var": "movement_until"}}}, {"not-before": [{"now": []}, {"var": "movement_until"}]}]}, {"or": [{"!": {"present": {"var": "medical_leave_until"}}}, {"not-before": [{"now": []}, {"var": "medical_leave_until"}]}]}]}, "assert": {"or": [{"or": [{"and": [{"present": {"var": "recovered_at"}}, {"present": {"var": "first_positive_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "first_positive_at"}, "Asia/Singapore"]}, {"param": "immune_days"}, "day"]}]}]}, {"and": [{"present": {"var": "recovered_at"}}, {"and": [{"present": {"var": "fully_vaccinated_at"}}, {"after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "fully_vaccinated_at"}, "Asia/Singapore"]}, {"param": "vaccine_days"}, "day"]}]}]}]}]}, {"and": [{"and": [{"present": {"var": "fully_vaccinated_at"}}, {"after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "fully_vaccinated_at"}, "Asia/Singapore"]}, {"param": "vaccine_days"}, "day"]}]}]}, {"or": [{"and": [{"present": {"var": "last_rapid_at"}}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_rapid_at"}, "Asia/Singapore"]}, {"param": "vaccinated_gap"}, "day"]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "vaccinated_gap"}, "day"]}]}]}]}, {"or": [{"and": [{"present": {"var": "last_rapid_at"}}, {"present": {"var": "last_rapid_verified"}}, {"var": "last_rapid_verified"}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_rapid_at"}, "Asia/Singapore"]}, {"param": "unvaccinated_gap"}, "day"]}]}]}, {"not-after": [{"day": [{"now": []}, "Asia/Singapore"]}, {"plusTime": [{"day": [{"var": "last_swab_at"}, "Asia/Singapore"]}, {"param": "unvaccinated_gap"}, "day"]}]}]}]}, "reason": {"en": "The rapid test between routine tests is missing.", "zh": "两次例行检测之间的快速检测未完成。"}, "action": {"en": "Take a rapid test; who is not vaccinated takes it supervised.", "zh": "请完成抗原快速检测；未接种者须在监督下检测。"}}
    ],
    "tests": [
      {"name": "recovered in 2020 and vaccinated", "at": "2022-01-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-06-01T09:00:00+08:00", "fully_vaccinated_at": "2021-06-01T09:00:00+08:00", "first_positive_at": "2020-05-01T09:00:00+08:00", "recovered_at": "2020-06-01T09:00:00+08:00"}, "expect": {"outcome": "green", "fail": []}},
      {"name": "recovered in 2020, not vaccinated", "at": "2022-01-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-06-01T09:00:00+08:00", "first_positive_at": "2020-05-01T09:00:00+08:00", "recovered_at": "2020-06-01T09:00:00+08:00"}, "expect": {"outcome": "red", "fail": ["routine_test", "routine_test_due", "test_between"]}},
      {"name": "recovered, 14 days after the dose", "at": "2022-01-17T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-06-01T09:00:00+08:00", "fully_vaccinated_at": "2022-01-03T09:00:00+08:00", "first_positive_at": "2020-05-01T09:00:00+08:00", "recovered_at": "2020-06-01T09:00:00+08:00"}, "expect": {"outcome": "red", "valid_until": "2022-01-17T16:00:00Z"}},
      {"name": "recovered, 15 days after the dose", "at": "2022-01-18T00:00:00+08:00", "facts": {"approved_from": "2021-01-01T00:00:00+08:00", "last_swab_result": "negative", "in_dormitory": true, "dormitory_cleared_at": "2020-06-01T00:00:00+08:00", "address_conflict": false, "sector": "construction", "app_registered": true, "last_swab_at": "2020-06-01T09:00:00+08:00", "fully_vaccinated_at": "2022-01-03T09:00:00+08:00", "first_positive_at": "2020-05-01T09:00:00+08:00", "recovered_at": "2020-06-01T09:00:00+08:00"}, "expect": {"outcome": "green"}}
    ]
  }
}
$json$);
