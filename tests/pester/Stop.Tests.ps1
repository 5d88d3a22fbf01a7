# Ctrl+C, as a host does it: PowerShell.Stop() from another thread, in a runspace of this process. The answers that are
# waited for take a minute; tests/engine/StopTests.cs knows all that can be under way, and how fast it ends.

BeforeDiscovery {
    $scripts = @(
        @{ What = 'a single request'; Script = 'Get-DrmmAccount'; Route = 'GET /v2/account'; Requests = 1 }
        @{ What = 'a list'; Script = 'Get-DrmmDevice'; Route = 'GET /v2/account/devices'; Requests = 1 }
        @{
            What = 'an export'
            Script = 'Get-DrmmDevice | ConvertTo-DrmmFlatObject | Export-Csv $file -NoTypeInformation'
            Route = 'GET /v2/account/devices'
            Requests = 1
        }
        @{
            What = 'a loop'
            Script = 'foreach ($n in 1..50) { Get-DrmmDevice "uid-$n" -ErrorAction Ignore | Out-Null }'
            Route = 'GET /v2/device/uid-3'
            Requests = 3
        }
        @{
            What = 'an assignment that is caught'
            Script = 'try { $all = Get-DrmmDevice | ConvertTo-Json } catch { "caught" }'
            Route = 'GET /v2/account/devices'
            Requests = 1
        }
        @{
            What = 'a job that is waited for'
            Script = 'Start-DrmmQuickJob -Component $component -DeviceUid $device -Wait'
            Route = 'GET /v2/job/{jobUid}'
            Requests = 2
        }
    )
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 600 --sites 3 --limit 5000'
    $module = Get-ModulePath
    $component = @(Get-DrmmComponent)[0].uid
    $device = @(Get-DrmmDevice | Where-Object { $_.online -and $_.deviceClass -eq 'device' })[0].uid

    # A session as a host has one, with the module, a connection and what the scripts use.
    function New-Session {
        $session = [PowerShell]::Create()
        $prepare = {
            param($module, $sim, $component, $device, $file)
            Import-Module $module
            Connect-DrmmApi -Url $sim.url -Key $sim.key -SecretKey $sim.secret
            $global:component, $global:device, $global:file = $component, $device, $file
        }
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).csv"
        [void] $session.AddScript($prepare).AddArgument($module).AddArgument($sim).AddArgument($component)
        [void] $session.AddArgument($device).AddArgument($file).Invoke()
        $session.Commands.Clear()
        $session
    }
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'Ctrl+C' {
    BeforeEach {
        $session = New-Session
        Clear-Received $sim
    }

    AfterEach {
        Set-Fault $sim ''
        $session.Dispose()
    }

    It 'ends <What>, runs what comes finally, and lets the next command work' -ForEach $scripts {
        Set-Fault $sim "{`"match`":`"$Route`",`"fault`":{`"delayMs`":60000}}"
        $text = "try { $Script; `$global:went = 'on' } finally { `$global:finally = 'ran' }"
        $running = $session.AddScript($text).BeginInvoke()
        Wait-Received $sim $Requests
        $watch = [Diagnostics.Stopwatch]::StartNew()

        $session.Stop()

        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
        $session.InvocationStateInfo.State | Should -Be 'Stopped'
        { $session.EndInvoke($running) } | Should -Throw
        Set-Fault $sim ''
        $sent = @(Get-Received $sim).Count
        $session.Commands.Clear()
        $after = $session.AddScript('"$global:finally|$global:went"; (Get-DrmmAccount).name').Invoke()
        $after[0] | Should -Be 'ran|'
        $after[1] | Should -Be (Get-DrmmAccount).name
        # Both of these, and nothing that the stopped command had still to send.
        @(Get-Received $sim).Count | Should -Be ($sent + 2)
    }

    It 'leaves what other runspaces do alone' {
        Set-Fault $sim '{"match":"GET /v2/account","fault":{"delayMs":60000}}'
        $running = $session.AddScript('Get-DrmmAccount').BeginInvoke()
        Wait-Received $sim 1
        $other = New-Session
        $busy = $other.AddScript('Get-DrmmDevice').BeginInvoke()

        $session.Stop()

        $other.EndInvoke($busy).Count | Should -Be 600
        $other.Dispose()
        { $session.EndInvoke($running) } | Should -Throw
    }

    It 'can come when nothing is left to stop' {
        @($session.AddScript('Get-DrmmDevice').Invoke()).Count | Should -Be 600

        $session.Stop()

        $session.Commands.Clear()
        @($session.AddScript('Get-DrmmDevice').Invoke()).Count | Should -Be 600
    }
}
