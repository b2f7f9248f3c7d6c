using System.IO.Pipelines;

namespace UniqueRandom.Server.Sockets;

/// <summary>Base class of readers that change how another one reads.</summary>
internal abstract class ForwardingReader(PipeReader inner) : PipeReader
{
    protected PipeReader Inner => inner;

    public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);
}
