import HostReadiness

/// Tells a person who watches what takes so long; of what is fast, nothing.
struct PatientProgress {
  private let task: String
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private static let patience = Duration.milliseconds(500)

  init(_ task: String) {
    self.task = task
    start = clock.now
  }

  private var isDue: Bool { clock.now - start > Self.patience }

  func tell(_ progress: CheckProgress) {
    guard isDue else { return }
    let place = progress.number > 0 ? " \(progress.number) of \(progress.count)" : ""
    Terminal.progress("\(task)\(place): \(progress.what)")
  }

  /// Takes away what was told, if anything was.
  func end() {
    if isDue { Terminal.endProgress() }
  }
}
