import TestSupport
import Testing
import XFRMKit

extension Kernel {
  /// A configuration of many entries, on a terminal and elsewhere.
  @Suite("The manager with much to do", Bed.needsSpeed)
  struct ManagerScaleTests {
    private static let count = 1000

    private static var text: String {
      (0..<count).reduce("spd:\n") { text, number in
        let remote = "11.\(number / 256).\(number % 256).0/24"
        return text + """
          - name: d\(number)
            direction: outbound
            traffic-selector: {local-prefix: 10.0.0.0/16, remote-prefix: \(remote)}

          """
      }
    }

    @Test("tells whoever watches how far it is, and nobody else; a second run has nothing to do")
    func progress() async throws {
      let tool = try PrivateTool()
      let folder = try TemporaryFolder()
      let folders = "--run-dir \(folder.path)/run --state-dir \(folder.path)/state"
      try folder.write(Array(Self.text.utf8), to: "a.yaml")
      let watched = try await tool.runOnTerminal(
        "apply \(folder.file("a.yaml")) \(folders)", input: "")
      #expect(watched.status == 0, "\(watched.output.suffix(400))")
      for done in [256, 512, 768, 1000] {
        #expect(
          watched.output.contains("\(done > 999 ? "1,000" : "\(done)") steps done…"), "\(done)")
      }
      var xfrm = try XFRMClient(in: tool.namespace)
      let first = try xfrm.policies()
      #expect(first.count == Self.count)

      let again = try await tool.run("apply \(folder.file("a.yaml")) \(folders)")
      #expect(again.output.hasPrefix("nothing to do") && again.complaint == "")
      #expect(try xfrm.policies() == first)
    }
  }
}
