//! The scale as a whole, by example and by property.

use proptest::prelude::*;

use super::*;
use crate::date::Date;
use crate::error::EngineError;

const METHODS: [ScoreMethod; 3] = [ScoreMethod::Z_SCORE, ScoreMethod::PERCENTILE_RANK, ScoreMethod::MIN_MAX];

fn today() -> Date {
    Date::new(2026, 11, 25).unwrap()
}

fn fit(settings: &ScoreSettings, scores: &[(&str, Option<f64>)]) -> Scale {
    let mut builder = ScaleBuilder::new();
    scores.iter().for_each(|&(club, score)| builder.push(club, score));
    builder.finish(settings, today()).unwrap()
}

fn with(method: ScoreMethod) -> ScoreSettings {
    ScoreSettings { method, ..ScoreSettings::default() }
}

#[test]
fn two_clubs_come_to_one_scale() {
    let scores =
        [("Golf", Some(10.0)), ("Golf", Some(30.0)), ("Softball", Some(900.0)), ("Softball", Some(1_100.0))];
    for (method, low, high) in [
        (ScoreMethod::Z_SCORE, 35.0, 65.0),
        (ScoreMethod::PERCENTILE_RANK, 25.0, 75.0),
        (ScoreMethod::MIN_MAX, 0.0, 100.0),
    ] {
        let scale = fit(&with(method), &scores);
        for (club, score, expected) in
            [("Golf", 10.0, low), ("Golf", 30.0, high), ("Softball", 900.0, low), ("Softball", 1_100.0, high)]
        {
            assert_eq!(scale.unified(club, Some(score), None), Some(expected));
        }
    }
}

#[test]
fn what_is_missing_or_no_number_has_no_unified_score_and_spoils_nothing() {
    for method in METHODS {
        let clean = fit(&with(method), &[("Golf", Some(1.0)), ("Golf", Some(3.0))]);
        let dirty = fit(
            &with(method),
            &[
                ("Golf", Some(f64::NAN)),
                ("Golf", Some(1.0)),
                ("Empty", None),
                ("Golf", Some(f64::INFINITY)),
                ("Golf", None),
                ("Golf", Some(3.0)),
                ("Golf", Some(-1e300)),
            ],
        );
        assert_eq!(dirty.unified("Golf", Some(1.0), None), clean.unified("Golf", Some(1.0), None));
        assert_eq!(dirty.version(), clean.version());
        let golf = ClubCounts { club: "Golf".into(), scores: 2, missing: 1, refused: 3 };
        assert_eq!(dirty.counts()[1], golf);
        for score in [None, Some(f64::NAN), Some(f64::NEG_INFINITY), Some(1e300)] {
            assert_eq!(dirty.unified("Golf", score, None), None);
            assert_eq!(dirty.formula("Golf", score, None), None);
        }
        assert_eq!(dirty.unified("Empty", Some(1.0), None), None);
        assert_eq!(dirty.unified("Nowhere", Some(1.0), None), None);
    }
}

#[test]
fn decay_counts_from_the_date_that_is_given() {
    let decay = Some(Decay { half_life_months: 12.0, floor: 0.0 });
    let settings = ScoreSettings { decay, ..with(ScoreMethod::MIN_MAX) };
    let scale = fit(&settings, &[("Golf", Some(0.0)), ("Golf", Some(10.0))]);
    let unified = |last_active| scale.unified("Golf", Some(8.0), last_active).unwrap();
    assert_eq!(unified(None), 80.0);
    assert!((unified(Some("2025-11-25")) - 40.0).abs() < 0.1);
    let formula = scale.formula("Golf", Some(8.0), Some("2025-11-25")).unwrap();
    assert_eq!(formula.result, unified(Some("2025-11-25")));
    assert!(
        formula.text.starts_with("100 × (8 − 0) ÷ (10 − 0) = 80; 80 × ½^(12 ÷ 12) = 40"),
        "{}",
        formula.text
    );
    assert!(formula.sentence.contains("12 months before 2026-11-25"), "{}", formula.sentence);
}

#[test]
fn where_nothing_decays_no_digit_changes() {
    // With a share of 1 the sum came out one digit less.
    let decay = Some(Decay { half_life_months: 0.1, floor: -20.828206403308727 });
    let scores = [("Golf", Some(-452006282349037.06)), ("Golf", Some(100000000000000.0))];
    let (plain, decaying) =
        (fit(&with(ScoreMethod::Z_SCORE), &scores), ScoreSettings { decay, ..Default::default() });
    let score = Some(-272759361826398.4);
    assert_eq!(fit(&decaying, &scores).unified("Golf", score, None), plain.unified("Golf", score, None));
}

#[test]
fn a_member_of_two_clubs_has_the_weighted_mean() {
    let weights = [("Golf".to_owned(), 3.0), ("Chess".to_owned(), 0.0)].into();
    let scale = fit(&ScoreSettings { weights, ..ScoreSettings::default() }, &[]);
    let of = |club, unified| ClubScore { club, unified };
    let both =
        [of("Golf", Some(40.0)), of("Softball", Some(80.0)), of("Chess", Some(1.0)), of("Rowing", None)];
    assert_eq!(scale.combined(&both), Some(50.0));
    let formula = scale.combined_formula(&both).unwrap();
    assert_eq!(formula.text, "(3 × 40 + 1 × 80) ÷ (3 + 1) = 50");
    assert_eq!(formula.result, 50.0);
    // Two memberships of one club weigh as one.
    let twice = [of("Golf", Some(30.0)), of("Golf", Some(50.0)), of("Softball", Some(80.0))];
    assert_eq!(scale.combined(&twice), Some(50.0));
    assert_eq!(scale.combined(&[of("Chess", Some(1.0)), of("Golf", None)]), None);
    assert_eq!(scale.combined(&[]), None);
    assert_eq!(scale.combined_formula(&[of("Golf", Some(40.0))]).unwrap().text, "40");
}

#[test]
fn settings_that_give_no_score_are_refused() {
    let nan = f64::NAN;
    let methods = [
        ScoreMethod::ZScore { mean: nan, spread: 15.0 },
        ScoreMethod::ZScore { mean: 50.0, spread: 0.0 },
        ScoreMethod::ZScore { mean: 50.0, spread: -1.0 },
        ScoreMethod::PercentileRank { low: 100.0, high: 0.0 },
        ScoreMethod::MinMax { low: 0.0, high: f64::INFINITY },
        ScoreMethod::MinMax { low: 5.0, high: 5.0 },
    ];
    let decays = [(0.0, 0.0), (nan, 0.0), (12.0, nan), (-3.0, 0.0)];
    let weights = [-1.0, nan, f64::INFINITY];
    let settings = methods
        .map(with)
        .into_iter()
        .chain(decays.map(|(half_life_months, floor)| ScoreSettings {
            decay: Some(Decay { half_life_months, floor }),
            ..ScoreSettings::default()
        }))
        .chain(weights.map(|weight| ScoreSettings {
            weights: [("Golf".to_owned(), weight)].into(),
            ..ScoreSettings::default()
        }));
    for settings in settings {
        let refused = ScaleBuilder::new().finish(&settings, today());
        assert!(matches!(refused, Err(EngineError::ScoreSettings(_))), "{settings:?}");
    }
}

#[test]
fn a_version_names_all_that_a_score_depends_on() {
    let scores = [("Golf", Some(10.0)), ("Golf", Some(30.0)), ("Golf", Some(31.0))];
    let base = ScoreSettings::default();
    let version = fit(&base, &scores).version().clone();
    // Stored in databases, so it may not change between versions of the program. Computed with another program.
    assert_eq!(version.as_str(), "z-score/1:616224fcaee84596c230d26cef933731");
    assert_eq!(fit(&base, &[scores[2], scores[0], scores[1]]).version(), &version);
    let decay = Some(Decay { half_life_months: 12.0, floor: 0.0 });
    let others = [
        with(ScoreMethod::PERCENTILE_RANK),
        with(ScoreMethod::MIN_MAX),
        with(ScoreMethod::ZScore { mean: 50.0, spread: 10.0 }),
        ScoreSettings { decay, ..base.clone() },
        ScoreSettings { weights: [("Golf".to_owned(), 2.0)].into(), ..base.clone() },
    ];
    for other in &others {
        assert_ne!(fit(other, &scores).version(), &version);
    }
    assert_ne!(fit(&base, &scores[..2]).version(), &version);
    // The date counts with decay only.
    let on = |settings: &ScoreSettings, day| {
        let mut builder = ScaleBuilder::new();
        scores.iter().for_each(|&(club, score)| builder.push(club, score));
        builder.finish(settings, Date::new(2026, 1, day).unwrap()).unwrap().version().clone()
    };
    assert_eq!(on(&base, 1), version);
    assert_ne!(on(&others[3], 1), on(&others[3], 2));
}

#[test]
fn settings_have_defaults_and_come_back() {
    assert_eq!(serde_json::from_str::<ScoreSettings>("{}").unwrap(), ScoreSettings::default());
    let text =
        r#"{"method":{"method":"percentile_rank"},"decay":{"half_life_months":18},"weights":{"Golf":2}}"#;
    let settings: ScoreSettings = serde_json::from_str(text).unwrap();
    assert_eq!(settings.method, ScoreMethod::PERCENTILE_RANK);
    assert_eq!((settings.weight("Golf"), settings.weight("Softball")), (2.0, 1.0));
    let again = serde_json::from_str(&serde_json::to_string(&settings).unwrap());
    assert_eq!(again.ok(), Some(settings));
}

/// Scores of all sizes, often equal.
fn score() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-20_i32..20).prop_map(|score| f64::from(score) / 4.0),
        -1e15..1e15,
        (0.0..1.0_f64).prop_map(|score| 1e14 + score),
        (0.0..1.0_f64).prop_map(|score| score * 1e-300),
    ]
}

fn settings() -> impl Strategy<Value = ScoreSettings> {
    let decay = prop::option::of((0.1..100.0_f64, -50.0..100.0_f64));
    (prop::sample::select(&METHODS[..]), decay).prop_map(|(method, decay)| ScoreSettings {
        decay: decay.map(|(half_life_months, floor)| Decay { half_life_months, floor }),
        ..with(method)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_greater_score_is_never_less_within_a_club(
        known in prop::collection::vec(score(), 0..20),
        other in prop::collection::vec(score(), 1..20),
        settings in settings(),
        last_active in prop::sample::select(vec![None, Some("2019-05-06"), Some("2026"), Some("2030-01-01")]),
    ) {
        let scores: Vec<_> = known.iter().map(|&score| ("Golf", Some(score))).collect();
        let scale = fit(&settings, &scores);
        let mut all: Vec<f64> = known.into_iter().chain(other).collect();
        all.sort_by(f64::total_cmp);
        let unified: Vec<_> =
            all.iter().filter_map(|&score| scale.unified("Golf", Some(score), last_active)).collect();
        prop_assert_eq!(unified.len(), if scores.is_empty() { 0 } else { all.len() });
        prop_assert!(unified.iter().all(|unified| unified.is_finite()));
        prop_assert!(unified.is_sorted(), "{:?}", unified);
        for &score in &all {
            let formula = scale.formula("Golf", Some(score), last_active).map(|formula| formula.result);
            prop_assert_eq!(formula, scale.unified("Golf", Some(score), last_active));
        }
    }

    #[test]
    fn the_order_and_the_number_of_threads_do_not_matter(
        scores in prop::collection::vec((prop::sample::select(vec!["A", "B"]), prop::option::of(score())), 0..30),
        cut in 0_usize..30,
        settings in settings(),
    ) {
        let whole = fit(&settings, &scores);
        let cut = cut.min(scores.len());
        let mut builder = ScaleBuilder::new();
        scores[cut..].iter().rev().for_each(|&(club, score)| builder.push(club, score));
        let mut other = ScaleBuilder::new();
        scores[..cut].iter().for_each(|&(club, score)| other.push(club, score));
        builder.merge(other);
        prop_assert_eq!(builder.finish(&settings, today()).unwrap(), whole);
    }

    #[test]
    fn a_club_keeps_the_common_mean_and_spread(known in prop::collection::vec(-1e6..1e6_f64, 2..40)) {
        let scores: Vec<_> = known.iter().map(|&score| ("Golf", Some(score))).collect();
        let moments = |settings: &ScoreSettings| {
            let scale = fit(settings, &scores);
            let mut moments = Moments::default();
            known.iter().filter_map(|&score| scale.unified("Golf", Some(score), None)).for_each(|score| moments.push(score, 1));
            moments
        };
        let z = moments(&with(ScoreMethod::Z_SCORE));
        prop_assert!((z.mean() - 50.0).abs() < 1e-6 && (z.spread() - 15.0).abs() < 1e-6);
        // Mid-ranks have the middle as their mean.
        let ranks = moments(&with(ScoreMethod::PERCENTILE_RANK));
        prop_assert!((ranks.mean() - 50.0).abs() < 1e-9);
    }

    #[test]
    fn a_combination_lies_between_its_parts_whatever_their_order(
        parts in prop::collection::vec((prop::sample::select(vec!["A", "B", "C"]), 0.0..100.0_f64), 1..6),
        weight in 0.1..10.0_f64,
    ) {
        let scale = fit(&ScoreSettings { weights: [("A".to_owned(), weight)].into(), ..Default::default() }, &[]);
        let mut scores: Vec<_> =
            parts.iter().map(|&(club, unified)| ClubScore { club, unified: Some(unified) }).collect();
        let combined = scale.combined(&scores).unwrap();
        let ends = |pick: fn(f64, f64) -> f64| parts.iter().map(|part| part.1).reduce(pick).unwrap();
        prop_assert!(ends(f64::min) <= combined && combined <= ends(f64::max));
        scores.reverse();
        prop_assert_eq!(scale.combined(&scores), Some(combined));
        prop_assert_eq!(scale.combined_formula(&scores).map(|formula| formula.result), Some(combined));
    }

    #[test]
    fn a_histogram_loses_no_score(
        scores in prop::collection::vec(prop::option::of(score()), 0..40),
        bins in 0_u32..30,
        range in prop::option::of((-10.0..0.0_f64, 0.0..10.0_f64)),
    ) {
        let mut builder = DistributionBuilder::default();
        scores.iter().for_each(|&score| builder.push(score));
        let found = builder.finish(bins, range);
        prop_assert_eq!((found.count + found.missing) as usize, scores.len());
        let counted: u32 = found.bins.iter().map(|bin| bin.count).sum();
        prop_assert_eq!(counted, found.count);
        prop_assert!(found.quantiles.is_sorted_by(|one, other| one.value <= other.value));
    }
}
