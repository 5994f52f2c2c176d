/// `systemd-detect-virt`, where it is installed: it asks the processor and the firmware's tables, too.
struct VirtualizationDetector: Sendable {
  enum Question: String, Sendable {
    case container = "--container"
    case machine = "--vm"
  }

  /// Whether the host is the one that runs, the only one that it knows.
  var isThere: Bool

  /// What it calls the container or the virtual machine; `nil` if it sees none or is not there.
  func answer(to question: Question) -> String? {
    // It only adds to what the files say: without it less is recognised, and nothing else.
    guard isThere, let result = try? Command("systemd-detect-virt", question.rawValue).run() else {
      return nil
    }
    return result.output.lines.first.map { String($0.trimmed) }.flatMap { $0 == "none" ? nil : $0 }
  }
}
