using UniqueRandom.Server.Sockets;

namespace UniqueRandom.Server.Tests.Sockets;

public sealed class SocketLoopTests
{
    [Fact]
    public void A_loop_without_a_thread_of_its_own_can_be_disposed_at_once()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Event loops need Linux.");
        for (var i = 0; i < 1000; i++)
        {
            using var loop = SocketLoop.Create();
            // Without a switch of threads between the answer and the disposal. An exception of the loop ends the test run.
            Assert.True(SpinWait.SpinUntil(() => loop.HasOwnThread.IsCompleted, TimeSpan.FromSeconds(5)));
        }
    }
}
