//! Numbers that look random and are functions of the seed: the same on every platform and in every release.

/// SplitMix64's finaliser (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
pub(super) const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash of a number under a seed and a purpose, so that draws for different purposes do not depend on each other.
pub(super) const fn hash(seed: u64, purpose: u64, number: u64) -> u64 {
    mix(mix(seed.wrapping_add(purpose.wrapping_mul(STEP)))
        .wrapping_add(number.wrapping_mul(STEP))
        .wrapping_add(STEP))
}

/// Maps a hash to `0..n` (Lemire's multiply and shift).
pub(super) const fn scale(hash: u64, n: u64) -> u64 {
    ((hash as u128 * n as u128) >> 64) as u64
}

/// A share between 0 and 1 as an integer, so that no platform's rounding can matter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rate(u64);

impl Rate {
    /// The rate of a share; what lies outside 0 to 1 is taken as the nearest.
    pub(super) fn of(share: f64) -> Rate {
        // A float is converted with saturation, and 1.0 becomes `u64::MAX`.
        Rate((share.clamp(0.0, 1.0) * 18_446_744_073_709_551_616.0) as u64)
    }

    /// Whether a hash falls under the rate.
    pub(super) const fn takes(self, hash: u64) -> bool {
        hash < self.0
    }
}

/// A stream of draws (SplitMix64).
#[derive(Debug, Clone)]
pub(super) struct Draws(u64);

impl Draws {
    /// A stream that starts at a hash.
    pub(super) const fn new(start: u64) -> Draws {
        Draws(start)
    }

    /// The next draw.
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        mix(self.0)
    }

    /// A draw of `0..n`.
    pub(super) const fn below(&mut self, n: u64) -> u64 {
        scale(self.next(), n)
    }

    /// A draw of `0..n` as an index.
    pub(super) const fn index(&mut self, n: usize) -> usize {
        self.below(n as u64) as usize
    }

    /// True at a rate.
    pub(super) const fn chance(&mut self, rate: Rate) -> bool {
        rate.takes(self.next())
    }

    /// One of some things.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.index(from.len())]
    }
}

/// A permutation of `0..n` that can be asked at any place and turned round: four Feistel rounds, and walking the
/// cycle until the number lies in the range. Shuffling ten million rows needs no memory that way.
#[derive(Debug, Clone)]
pub(super) struct Shuffle {
    n: u64,
    half_bits: u32,
    keys: [u64; 4],
}

impl Shuffle {
    /// A permutation of `0..n` chosen by a hash.
    pub(super) fn new(n: u64, key: u64) -> Shuffle {
        let bits = u64::BITS - n.saturating_sub(1).leading_zeros();
        let mut draws = Draws::new(key);
        let keys = [draws.next(), draws.next(), draws.next(), draws.next()];
        Shuffle { n, half_bits: bits.div_ceil(2).max(1), keys }
    }

    /// Where a number goes.
    pub(super) fn forward(&self, number: u64) -> u64 {
        self.walk(number, |x| self.keys.iter().fold(x, |x, &key| self.round(x, key)))
    }

    /// The number that goes to a place.
    pub(super) fn back(&self, place: u64) -> u64 {
        self.walk(place, |x| {
            let turned = self.swap(x);
            self.swap(self.keys.iter().rev().fold(turned, |x, &key| self.round(x, key)))
        })
    }

    fn walk(&self, number: u64, step: impl Fn(u64) -> u64) -> u64 {
        if self.n < 2 {
            return number;
        }
        let mut x = step(number);
        while x >= self.n {
            x = step(x);
        }
        x
    }

    fn round(&self, x: u64, key: u64) -> u64 {
        let mask = (1_u64 << self.half_bits) - 1;
        let (left, right) = (x >> self.half_bits, x & mask);
        (right << self.half_bits) | (left ^ (mix(right ^ key) & mask))
    }

    fn swap(&self, x: u64) -> u64 {
        let mask = (1_u64 << self.half_bits) - 1;
        ((x & mask) << self.half_bits) | (x >> self.half_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_is_a_permutation_and_can_be_turned_round() {
        for n in [0, 1, 2, 3, 5, 64, 65, 1_000, 4_097] {
            let shuffle = Shuffle::new(n, hash(7, 1, n));
            let mut seen = vec![false; n as usize];
            for number in 0..n {
                let place = shuffle.forward(number);
                assert!(!std::mem::replace(&mut seen[place as usize], true), "{n}: {place} twice");
                assert_eq!(shuffle.back(place), number);
            }
        }
    }

    #[test]
    fn rates_hold() {
        let mut draws = Draws::new(1);
        let taken = (0..100_000).filter(|_| draws.chance(Rate::of(0.1))).count();
        assert!((9_500..10_500).contains(&taken), "{taken}");
        assert!(!draws.chance(Rate::of(0.0)) && !draws.chance(Rate::of(f64::NAN)));
        assert!((0..100).all(|_| draws.chance(Rate::of(2.0))));
    }

    #[test]
    fn the_numbers_are_the_published_ones() {
        // The reference implementation's first outputs for the seed 1234567.
        let mut draws = Draws::new(1_234_567);
        assert_eq!([draws.next(), draws.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }
}
