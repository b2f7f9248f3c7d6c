namespace UniqueRandom.Server.Answers;

/// <summary>The state of an operation that takes longer than a request.</summary>
internal enum OperationState
{
    /// <summary>It did not run since the start of the server.</summary>
    None,

    /// <summary>It is running.</summary>
    Running,

    /// <summary>It has ended, and did what it should.</summary>
    Done,

    /// <summary>It has ended without a result.</summary>
    Failed,
}
