import TestSupport
import Testing

extension Kernel.ManagerTests {
  @Test("drift tells that nothing is in force, or guards alone, and looks where a file says")
  func inForce() async throws {
    let nothing = try await run("drift --exit-code", status: 2).output
    #expect(nothing.hasPrefix("nothing is in force here"), "\(nothing)")
    try await run("drift")
    #expect(try await run("drift --json").output.contains(#""inForce" : "nothing""#))

    let file = try write(text(200), "a.yaml")
    // What stops others, a value for no variable, opens nothing here.
    let refused = try await run("apply \(file) --set nothing=1", status: 65)
    #expect(refused.complaint.contains("no file has a variable of that name"))
    try await run("apply --guards \(file) --set nothing=1")
    let guards = try await run("drift --exit-code").output
    #expect(guards.hasPrefix("no drift: the guards are as they were"), "\(guards)")
    #expect(try await run("drift --json").output.contains(#""inForce" : "guards""#))

    try await run("apply \(file)")
    #expect(try await run("drift --exit-code \(file)").output.hasPrefix("no drift: everything"))
    #expect(try await run("drift --json").output.contains(#""inForce" : "configuration""#))
    // The same folders tell nothing of another place.
    let elsewhere = try PrivateTool()
    let there = try await elsewhere.run("drift --exit-code \(folders)")
    #expect(there.status == 2 && there.output.hasPrefix("nothing is in force here"))

    // There is no such network namespace.
    let named = try write("namespace: of-nobody\n\(text(200))", "b.yaml")
    for words in [named, "\(named) --set nothing=1"] {
      #expect(try await run("drift \(words)", status: 65).complaint.contains("of-nobody"))
    }
    let broken = try write("nonsense", "c.yaml")
    let here = try await run("drift --exit-code \(broken)")
    #expect(here.complaint.contains("cannot be used") && here.output.hasPrefix("no drift"))
  }
}
