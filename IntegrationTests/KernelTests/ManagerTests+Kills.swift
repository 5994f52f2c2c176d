import FoundationEssentials
import TestSupport
import Testing
import XFRMKit

extension Kernel.ManagerTests {
  @Test(
    "killed at any moment, it is finished by the next run: the old or the new",
    Bed.startsQuickly)
  func kills() async throws {
    let foreign = try addForeign()
    let names = (0..<12).flatMap { ["rest-\($0)", "in-\($0)"] }
    let allowance = names.map { "--allow-cleartext \($0)" }.joined(separator: " ")
    let old = try write(text(200, count: 12), "old.yaml")
    let new = try write(text(201, count: 12), "new.yaml")
    func keys() throws -> Set<PolicyKey> { Set(try policies().map(\.key)) }

    try await run("apply \(new) \(allowance)")
    let newKeys = try keys()
    try await run("apply \(old) \(allowance)")
    let oldKeys = try keys()
    let clock = ContinuousClock()
    let whole = try await clock.measure { _ = try await run("apply \(new) \(allowance)") }

    var (unfinished, forward, back) = (0, 0, 0)
    var recoveries: [Duration] = []
    let moments = Bed.name == "host" ? 80 : 20
    for moment in 0..<moments {
      try await run("apply \(old) \(allowance)")
      #expect(try keys() == oldKeys)
      let line = "apply \(new) \(allowance) \(folders)"
      if moment.isMultiple(of: 4) {
        try await tool.run(line, killedAfter: whole * moment / moments)
      } else {
        // In the midst of its journal, which grows to somewhat more than twice of what it is;
        // what the history keeps has to find room before.
        let size = try largestFile("run")
        let first = max(size, try largestFile("state"))
        let limit = first + (size * 9 / 4 - first) * moment / moments
        try await tool.run(line, killedBeyond: limit)
      }
      let wasUnfinished = try await run("status").output.contains("a run was cut short")
      unfinished += wasUnfinished ? 1 : 0
      var outcome = ""
      // As whoever runs it next: recover, or the next apply.
      let next = moment % 5 == 0 ? "apply \(new) \(allowance)" : "recover"
      recoveries.append(
        try await clock.measure { outcome = try await run(next).output })
      forward += outcome.hasPrefix("went on") ? 1 : 0
      back += outcome.hasPrefix("went back") ? 1 : 0
      let reached = try keys()
      #expect(reached == oldKeys || reached == newKeys, "moment \(moment): \(outcome)")
      #expect(try policies().contains(foreign))
      #expect(!(try await run("status").output.contains("cut short")))
      try await run("drift --exit-code")
    }
    #expect(unfinished > moments / 10 && forward + back > 0)
    let median = recoveries.sorted()[moments / 2]
    #expect(median < .seconds(1) || Bed.name != "host")
    print(
      "killed \(moments) times: \(unfinished) were unfinished, \(forward) went on, \(back) "
        + "went back; one recovery in two took less than \(median)")
  }

  /// How many bytes the largest file below a folder has.
  private func largestFile(_ name: String) throws -> Int {
    let folder = "\(temporary.path)/\(name)"
    return try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix("/journal") || $0.hasSuffix(".json") }
      .map { try Data(contentsOf: URL(filePath: "\(folder)/\($0)")).count }.max() ?? 0
  }
}
