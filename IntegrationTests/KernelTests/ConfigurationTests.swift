import Testing
import XFRMConfig
import XFRMKit
import XFRMLab

extension Kernel {
  /// What configurations come to, given to the kernel.
  @Suite("Configurations")
  struct ConfigurationTests {
    @Test(
      "the kernel takes every policy of an example, guards beside what they guard",
      arguments: ConfigurationExample.all.map(\.name))
    func policies(_ name: String) throws {
      let text = try #require(ConfigurationExample.all.first { $0.name == name }).text
      let loaded = ConfigurationFiles(host: "gw-berlin") {
        (_) throws(ConfigurationFiles.Unreadable) in Array(text.utf8)
      }.load("main.yaml")
      let state = try #require(loaded.configuration).expanded(PendingBundles()).state
      #expect(state.policies.contains { $0.role == .guard })

      var xfrm = try XFRMClient(in: try NetworkNamespace.create())
      for entry in state.policies { try xfrm.add(entry.policy) }
      #expect(try xfrm.policies().count == state.policies.count)
      // Each replaces itself and none of the others.
      for entry in state.policies { try xfrm.update(entry.policy) }
      #expect(try xfrm.policies().count == state.policies.count)
      for entry in state.policies {
        #expect(try xfrm.policy(entry.policy.key).isAsAsked(entry.policy), "\(entry.name)")
      }
    }
  }
}
