/// How long somebody may still keep silent.
///
/// Time starts to run with the first wait, so that what is answered at once costs no look at the
/// clock.
struct Patience {
  /// For ever if negative.
  private let limit: Int32
  private var end: ContinuousClock.Instant?

  init(milliseconds: Int32) { limit = milliseconds }

  /// The milliseconds that are left; 0 once it is over, negative if it never is.
  mutating func remaining() -> Int32 {
    guard limit > 0 else { return limit }
    let now = ContinuousClock.now
    guard let end else {
      end = now + .milliseconds(limit)
      return limit
    }
    return Int32(max(0, ((end - now) / .milliseconds(1)).rounded(.up)))
  }

  /// Starts anew, as a word was heard.
  mutating func renew() { end = nil }
}
