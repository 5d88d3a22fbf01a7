# Alerts to a webhook that the test plays.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    . (Join-Path $PSScriptRoot 'Webhook.ps1')
    $sim = Start-ExampleSimulator
    $login = Get-Login $sim
    # Scripts import the module by its name, so its folder is on the module path.
    $formerPath = Add-ModulePath
    $send = Get-Example 'Send-AlertToWebhook.ps1'
    $open = @(Get-DrmmAlert)
    $wanted = @($open | Where-Object priority -In Critical, High)
    $hook = Start-Webhook
    $env:DRMM_WEBHOOK_URL = "$($hook.Url)/canary-51c2"

    # Runs the script on an account with these alerts.
    function Send-Alert([string[]] $Alert) {
        $list = '{"pageDetails":{"count":' + $Alert.Count + '},"alerts":[' + ($Alert -join ',') + ']}'
        $fault = @{ answer = $list; contentType = 'application/json' }
        Set-Fault $sim (@{ match = 'GET /v2/account/alerts/open'; fault = $fault } | ConvertTo-Json -Depth 9)
        try {
            & $send -StatePath $state @login 3> $null
        }
        finally {
            Set-Fault $sim ''
        }
    }
}

AfterAll {
    Remove-Item Env:DRMM_WEBHOOK_URL
    Stop-Webhook $hook
    $env:PSModulePath = $formerPath
    Stop-Simulator $sim
}

Describe 'Alerts to a webhook' {
    BeforeEach {
        $state = Join-Path $TestDrive "$([guid]::NewGuid()).txt"
        $hook.Bodies.Clear()
        $hook.Asked.Clear()
        $hook.Answer = @{}
    }

    It 'is served although somebody left before' {
        foreach ($text in '', 'POST / HTTP/1.1', "POST / HTTP/1.1`r`nContent-Length: 9`r`n`r`n{") {
            $client = [Net.Sockets.TcpClient]::new('127.0.0.1', ([uri] $hook.Url).Port)
            $bytes = [Text.Encoding]::ASCII.GetBytes($text)
            $client.GetStream().Write($bytes, 0, $bytes.Length)
            $client.Dispose()
        }

        [void] (Invoke-RestMethod $hook.Url -Method Post -Body '{"alertUid":"a"}' -TimeoutSec 20 -UseBasicParsing)

        $hook.Asked | Should -Be 'a'
    }

    It 'sends each alert once, in UTF-8' {
        $first = & $send -StatePath $state @login
        $second = & $send -StatePath $state @login

        "$($first.Open) $($first.Sent) $($second.Sent) $LASTEXITCODE" |
            Should -Be "$($wanted.Count) $($wanted.Count) 0 0"
        $sent = @($hook.Bodies | ForEach-Object { $_ | ConvertFrom-Json })
        $sent.alertUid | Should -Be $wanted.alertUid
        $sent.site | Should -Be $wanted.alertSourceInfo.siteName
        $sent[0].text | Should -BeLike "*: $($wanted[0].GetMessage())"
    }

    It 'tries again what failed, behind all others' {
        $bad = $wanted[0].alertUid
        $hook.Answer = @{ $bad = 500 }
        $first = & $send -StatePath $state @login 3> $null
        $code = $LASTEXITCODE
        # As if the last one were new.
        Set-Content $state @(Get-Content $state | Where-Object { $_ -ne $wanted[-1].alertUid })
        $hook.Asked.Clear()
        $hook.Answer = @{}

        $second = & $send -StatePath $state @login

        "$($first.Sent) $($first.Failed) $code" | Should -Be "$($wanted.Count - 1) 1 2"
        "$($second.Sent) $($second.Failed) $LASTEXITCODE" | Should -Be '2 0 0'
        $hook.Asked | Should -Be $wanted[-1].alertUid, $bad
        @(Get-Content $state) | Should -Be $wanted.alertUid
    }

    It 'says what failed, and leaves the URL nowhere: <Answer>' -ForEach @(@{ Answer = 500 }, @{ Answer = 400 }) {
        $hook.Answer = @{ '*' = $Answer }
        $global:Error.Clear()
        Write-Error 'An error of before.' -ErrorAction SilentlyContinue
        $file = Join-Path $TestDrive 'streams.txt'

        [void] (& $send -StatePath $state @login *> $file)

        $text = Get-Content $file -Raw
        $text | Should -BeLike "*$($wanted[0].alertUid) was not sent (status $Answer)*"
        $all = $text + (Get-Content $state -Raw) + ($global:Error | Format-List * -Force | Out-String)
        $all | Should -Not -Match 'canary-51c2'
        "$($global:Error)" | Should -Be 'An error of before.'
    }

    It 'leaves the URL nowhere where nobody listens' {
        $former = $env:DRMM_WEBHOOK_URL
        $global:Error.Clear()
        # Nobody may listen on it: it is the port of a socket that does not.
        $socket = [Net.Sockets.Socket]::new('InterNetwork', 'Stream', 'Tcp')
        $socket.Bind([Net.IPEndPoint]::new([Net.IPAddress]::Loopback, 0))
        $env:DRMM_WEBHOOK_URL = "http://127.0.0.1:$($socket.LocalEndPoint.Port)/canary-51c2"
        $file = Join-Path $TestDrive 'streams.txt'
        try {
            [void] (& $send -StatePath $state @login *> $file)
        }
        finally {
            $env:DRMM_WEBHOOK_URL = $former
            $socket.Dispose()
        }

        $all = (Get-Content $file -Raw) + ($global:Error | Format-List * -Force | Out-String)
        $all | Should -Match 'was not sent'
        $all | Should -Not -Match 'canary-51c2'
    }

    It 'refuses a URL that is none, and does not tell it: <Value>' -ForEach @(
        @{ Value = '' }, @{ Value = 'canary-51c2' }, @{ Value = 'ftp://127.0.0.1/canary-51c2' }
    ) {
        $former = $env:DRMM_WEBHOOK_URL
        $env:DRMM_WEBHOOK_URL = $Value
        try {
            $said = { & $send -StatePath $state @login } | Should -Throw '*DRMM_WEBHOOK_URL*' -PassThru
        }
        finally {
            $env:DRMM_WEBHOOK_URL = $former
        }

        "$said" | Should -Not -Match 'canary-51c2'
    }

    It 'sends the others although it takes none of the first ones: <_>' -ForEach 400, 413, 422 {
        foreach ($alert in $wanted[0..3]) {
            $hook.Answer[$alert.alertUid] = $_
        }

        $run = & $send -StatePath $state @login 3> $null

        "$($run.Sent) $($run.Failed) $LASTEXITCODE" | Should -Be "$($wanted.Count - 4) 4 2"
        @($hook.Bodies | ForEach-Object { ($_ | ConvertFrom-Json).alertUid }) |
            Should -Be $wanted[4..($wanted.Count - 1)].alertUid
    }

    It 'comes to the others the next time where alerts break the webhook, and to each of those in turn' {
        $bad = @($wanted[0..3].alertUid)
        foreach ($uid in $bad) {
            $hook.Answer[$uid] = 500
        }
        $rest = @($wanted[4..($wanted.Count - 1)].alertUid)

        $asked = foreach ($run in 1..4) {
            $hook.Asked.Clear()
            [void] (& $send -StatePath $state @login 3> $null)
            "$($hook.Asked)"
        }

        $asked[0] | Should -Be "$($bad[0, 1, 2])"
        $asked[1] | Should -Be "$($bad[3]) $rest $($bad[0, 1, 2])"
        $asked[2] | Should -Be "$($bad[3, 0, 1])"
        $asked[3] | Should -Be "$($bad[2, 3, 0])"
    }

    It 'tells no URL in the verbose and the debug stream' {
        $DebugPreference = 'Continue'
        $file = Join-Path $TestDrive 'streams.txt'

        [void] (& $send -StatePath $state @login -Verbose *> $file)

        Get-Content $file -Raw | Should -Not -Match 'canary-51c2'
        $hook.Bodies.Count | Should -Be $wanted.Count
    }

    It 'leaves a webhook alone after three failures that are its own, and forgets nothing: <_>' -ForEach @(
        500, 401, 403, 404, 405, 407, 408, 410, 429
    ) {
        Set-Content $state $wanted[-1].alertUid
        $hook.Answer = @{ '*' = $_ }

        $run = & $send -StatePath $state @login 3> $null

        "$($hook.Asked.Count) $($run.Sent) $($run.Failed) $LASTEXITCODE" | Should -Be "3 0 $($wanted.Count - 1) 2"
        $failed = $wanted[0..2].alertUid | ForEach-Object { "$_ failed" }
        @(Get-Content $state) | Should -Be (@($wanted[-1].alertUid) + $failed)
    }

    It 'does nothing while another run is at it' {
        $held = [IO.FileStream]::new("$state.lock", 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            $said = & $send -StatePath $state @login 3>&1
        }
        finally {
            $held.Dispose()
        }

        "$said $LASTEXITCODE" | Should -Be 'Another run is sending alerts; this one has done nothing. 0'
        $hook.Bodies | Should -BeNullOrEmpty
    }

    It 'remembers what is open without sending it, when told so' {
        $run = & $send -StatePath $state -SkipExisting @login

        "$($run.Sent) $($run.Failed) $LASTEXITCODE" | Should -Be '0 0 0'
        $hook.Bodies | Should -BeNullOrEmpty
        # Those of other priorities too, which a later run may be told to send.
        @(Get-Content $state) | Should -Be $open.alertUid
        $wanted.Count | Should -BeLessThan $open.Count
    }

    It 'forgets nothing of the priorities that a run does not send' {
        $high = @($wanted | Where-Object priority -EQ High)
        $critical = @($wanted | Where-Object priority -EQ Critical)
        $hook.Answer = @{ $high[0].alertUid = 400 }
        [void] (& $send -StatePath $state -Priority High @login 3> $null)
        $hook.Asked.Clear()
        $hook.Answer = @{}

        $run = & $send -StatePath $state -Priority Critical @login
        $known = @(Get-Content $state)
        [void] (& $send -StatePath $state @login)

        "$($run.Open) $($run.Sent)" | Should -Be "$($critical.Count) $($critical.Count)"
        $known | Should -Contain "$($high[0].alertUid) failed"
        $hook.Asked | Should -Be @($critical.alertUid + $high[0].alertUid)
    }

    It 'sends an alert without source and time' {
        $run = Send-Alert '{"alertUid":"bare-1","priority":"High","alertSourceInfo":null,"timestamp":null}',
            '{"alertUid":"bare-2","priority":"High"}'

        "$($run.Sent) $($run.Failed) $LASTEXITCODE" | Should -Be '2 0 0'
        $bodies = @($hook.Bodies | ForEach-Object { $_ | ConvertFrom-Json })
        $bodies.alertUid | Should -Be 'bare-1', 'bare-2'
        foreach ($name in 'site', 'device', 'time') {
            $bodies[0].$name, $bodies[1].$name | Should -Be $null, $null
        }
    }

    It 'sends the others where alerts cannot be read' {
        $odd = 1..4 | ForEach-Object { '{"alertUid":"odd-' + $_ + '","priority":"High","timestamp":"odd"}' }

        $run = Send-Alert ($odd + '{"alertUid":"bare-1","priority":"High"}')

        "$($run.Sent) $($run.Failed) $LASTEXITCODE" | Should -Be '1 4 2'
        $hook.Asked | Should -Be 'bare-1'
    }

    It 'forgets what is no longer open' {
        Set-Content $state 'an-alert-of-old'

        [void] (& $send -StatePath $state @login)

        @(Get-Content $state) | Should -Be $wanted.alertUid
    }

    It 'keeps what it knows where it cannot write' {
        Set-Content $state 'an-alert-of-old', $wanted[0].alertUid
        [void] (New-Item -ItemType Directory "$state.part")

        { & $send -StatePath $state @login } | Should -Throw
        @(Get-Content $state) | Should -Be @('an-alert-of-old'; $wanted.alertUid)
    }

    It 'does not take a lock that cannot be had for another run' {
        [void] (New-Item -ItemType Directory "$state.lock")

        { & $send -StatePath $state @login } | Should -Throw
        $hook.Asked | Should -BeNullOrEmpty
    }

    It 'sends nothing with -WhatIf' {
        [void] (& $send -StatePath $state -WhatIf @login)

        $hook.Bodies | Should -BeNullOrEmpty
        $state | Should -Not -Exist
    }
}
